package io.locky.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.LockRequiredException;
import io.locky.LockerResolver;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Methods that require a lock.
 */
class RequiresLockTests extends AnnotationFixture {

	private final LockyTemplate locks = this.fixture.template(null);

	private @Nullable Object caller = "ann";

	private final TestApplication withoutCaller = this.application.withBean(Articles.class);

	private final TestApplication withCaller = this.withoutCaller.withBean(LockerResolver.class,
			() -> () -> this.caller);

	@Test
	void methodRunsOnlyForTheHolder() {
		this.withCaller.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			LockInfo held = grant("article:12", "ann");
			assertThat(articles.save(12)).isEqualTo("saved");
			assertThat(this.locks.find("article:12")).hasValue(held);
			assertFree("article:13", () -> articles.save(13));
			this.caller = "bob";
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> articles.save(12))
				.withMessage("'article:12' is locked by 'ann'")
				.satisfies((ex) -> assertThat(ex.getLock()).isEqualTo(held));
			assertThat(articles.runs()).isEqualTo(1);
		});
	}

	@Test
	void callWithoutLockerUsesTheLockOfItsChain() {
		this.withoutCaller.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			assertThat(articles.lockAndSave(12)).isEqualTo("saved");
			assertThatIllegalStateException().isThrownBy(() -> articles.save(12));
		});
	}

	@Test
	void fenceAdmitsOnlyItsGrant() {
		this.withCaller.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			long first = grant("article:12", "ann").fence();
			assertThat(articles.saveFenced(12, first)).isEqualTo("saved");
			LockInfo second = grant("article:12", "ann");
			assertThat(articles.saveFenced(12, second.fence())).isEqualTo("saved");
			assertThatExceptionOfType(LockRequiredException.class).isThrownBy(() -> articles.saveFenced(12, first))
				.withMessage("'article:12' is locked by 'ann' with fence %d, not with %d: that grant has ended"
					.formatted(second.fence(), first))
				.returns(second, LockRequiredException::getCurrent);
			this.caller = "bob";
			assertLocked("article:12", () -> articles.saveFenced(12, second.fence()));
		});
	}

	@Test
	void fenceDecidesWithoutLocker() {
		this.withoutCaller.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			long fence = grant("article:12", "ann").fence();
			assertThat(articles.saveFenced(12, fence)).isEqualTo("saved");
			assertLocked("article:12", () -> articles.saveFenced(12, fence - 1));
			this.locks.unlock("article:12");
			assertFree("article:12", () -> articles.saveFenced(12, fence));
		});
	}

	@Test
	void foreignLockMatchesNoFence() {
		this.withoutCaller.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			this.fixture.redis().opsForValue().set(this.fixture.lockKey("article:12"), "npm");
			assertThatIllegalArgumentException().isThrownBy(() -> articles.saveFenced(12, 0L))
				.withMessageContaining("'fence' must be positive, but is 0");
			assertThatIllegalArgumentException().isThrownBy(() -> articles.saveFenced(12, null))
				.withMessageContaining("Articles.saveFenced cannot name the lock it requires")
				.withMessageContaining("must not be null");
			assertThat(articles.saveFor(12, "npm")).isEqualTo("saved");
		});
	}

	@Test
	void lockerAttributeOverridesTheCaller() {
		this.withCaller.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			grant("article:12", "bob");
			assertThat(articles.saveFor(12, "bob")).isEqualTo("saved");
			assertLocked("article:12", () -> articles.saveFor(12, "ann"));
		});
	}

	@Test
	void allResourcesMustBeHeldEachByItsGrant() {
		this.withCaller.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			long article = grant("article:12", "ann").fence();
			assertFree("gallery:7", () -> articles.move(12, 7, List.of(article, 1L)));
			long gallery = grant("gallery:7", "ann").fence();
			assertThat(articles.move(12, 7, List.of(article, gallery))).isEqualTo("saved");
			assertThatExceptionOfType(LockRequiredException.class)
				.isThrownBy(() -> articles.move(12, 7, List.of(gallery, article)))
				.returns("article:12", LockRequiredException::getResource);
		});
	}

	@Test
	void callWithoutLockerAndFenceFailsWithAnAction() {
		this.withoutCaller.run((context) -> {
			grant("article:12", "ann");
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Articles.class).save(12))
				.withMessageContaining("Articles.save has no locker to check the lock against")
				.withMessageContaining("register a LockerResolver bean");
		});
	}

	@Test
	void metaAnnotationAndFutureAreChecked() {
		this.withCaller.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			assertFree("article:12", () -> articles.saveLater(12));
			grant("article:12", "ann");
			assertThat(articles.saveLater(12).get()).isEqualTo("saved");
		});
	}

	@Test
	void checkIsInsideTheLockOfTheSameMethod() {
		this.withCaller
			.run((context) -> assertThat(context.getBean(Articles.class).lockAndSave(12)).isEqualTo("saved"));
	}

	private LockInfo grant(String resource, String locker) {
		LockAttempt attempt = this.locks.tryLock(LockRequest.of(resource).by(locker).force());
		assertThat(attempt).isInstanceOf(LockAttempt.Acquired.class);
		return this.locks.find(resource).orElseThrow();
	}

	private static void assertFree(String resource, ThrowingCallable call) {
		assertThatExceptionOfType(LockRequiredException.class).isThrownBy(call)
			.withMessage("'%s' must be locked for that, but nobody holds it".formatted(resource))
			.returns(resource, LockRequiredException::getResource)
			.returns(null, LockRequiredException::getCurrent);
	}

	private static void assertLocked(String resource, ThrowingCallable call) {
		assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(call)
			.returns(resource, ResourceLockedException::getResource);
	}

	@RequiresLock("article:#<id>")
	@Retention(RetentionPolicy.RUNTIME)
	@interface ArticleLockRequired {

	}

	static class Articles {

		private int runs;

		int runs() {
			return this.runs;
		}

		@RequiresLock("article:#<id>")
		String save(long id) {
			this.runs++;
			return "saved";
		}

		@RequiresLock(value = "article:#<id>", fence = "#<fence>")
		String saveFenced(long id, @Nullable Long fence) {
			return "saved";
		}

		@RequiresLock(value = "article:#<id>", locker = "#user")
		String saveFor(long id, String user) {
			return "saved";
		}

		@RequiresLock(value = { "article:#<id>", "gallery:#<to>" }, fence = { "#<fences[0]>", "#{#fences[1]}" })
		String move(long id, long to, List<Long> fences) {
			return "saved";
		}

		@ArticleLockRequired
		CompletableFuture<String> saveLater(long id) {
			return CompletableFuture.completedFuture("saved");
		}

		@RequiresLock("article:#<id>")
		@Locked("article:#<id>")
		String lockAndSave(long id) {
			return "saved";
		}

	}

}
