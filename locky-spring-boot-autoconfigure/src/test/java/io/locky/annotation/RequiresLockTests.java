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
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RequiresLockTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.template(null);

	private @Nullable Object caller = "ann";

	private final ApplicationContextRunner anonymousRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=" + this.fixture.prefix(), "locky.expiration.enabled=false")
		.withBean(Articles.class);

	private final ApplicationContextRunner contextRunner = this.anonymousRunner.withBean(LockerResolver.class,
			() -> () -> this.caller);

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void runsForTheHolderOnlyAndLeavesTheLockAlone() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			LockInfo held = hold("article:12", "ann");
			assertThat(articles.save(12)).isEqualTo("saved");
			assertThat(this.locks.find("article:12")).hasValue(held);
			assertNobodyHolds("article:13", () -> articles.save(13));
			this.caller = "bob";
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> articles.save(12))
				.withMessage("'article:12' is locked by 'ann'")
				.satisfies((ex) -> assertThat(ex.getLock()).isEqualTo(held));
			assertThat(articles.runs()).isEqualTo(1);
		});
	}

	@Test
	void callWithoutALockerPassesWhereItsChainHoldsTheLock() {
		this.anonymousRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			assertThat(articles.lockAndSave(12)).isEqualTo("saved");
			assertThatIllegalStateException().isThrownBy(() -> articles.save(12));
		});
	}

	@Test
	void fenceLetsOnlyThatGrantOfTheLockerPass() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			long first = hold("article:12", "ann").fence();
			assertThat(articles.saveFenced(12, first)).isEqualTo("saved");
			LockInfo second = hold("article:12", "ann");
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
	void fenceDecidesWhereNobodyIsKnown() {
		this.anonymousRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			long fence = hold("article:12", "ann").fence();
			assertThat(articles.saveFenced(12, fence)).isEqualTo("saved");
			assertLocked("article:12", () -> articles.saveFenced(12, fence - 1));
			this.locks.unlock("article:12");
			assertNobodyHolds("article:12", () -> articles.saveFenced(12, fence));
		});
	}

	@Test
	void foreignLockPassesForNoGrant() {
		this.anonymousRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			this.fixture.redis().opsForValue().set(this.fixture.lockKey("article:12"), "npm");
			assertThatIllegalArgumentException().isThrownBy(() -> articles.saveFenced(12, 0L))
				.withMessageContaining("'fence' must be positive, but is 0");
			assertThatIllegalArgumentException().isThrownBy(() -> articles.saveFenced(12, null))
				.withMessageContaining("Articles.saveFenced cannot tell which lock it needs")
				.withMessageContaining("must not be null");
			assertThat(articles.saveFor(12, "npm")).isEqualTo("saved");
		});
	}

	@Test
	void attributeNamesTheLockerWhoeverCalls() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			hold("article:12", "bob");
			assertThat(articles.saveFor(12, "bob")).isEqualTo("saved");
			assertLocked("article:12", () -> articles.saveFor(12, "ann"));
		});
	}

	@Test
	void allResourcesMustBeHeldEachByItsGrant() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			long article = hold("article:12", "ann").fence();
			assertNobodyHolds("gallery:7", () -> articles.move(12, 7, List.of(article, 1L)));
			long gallery = hold("gallery:7", "ann").fence();
			assertThat(articles.move(12, 7, List.of(article, gallery))).isEqualTo("saved");
			assertThatExceptionOfType(LockRequiredException.class)
				.isThrownBy(() -> articles.move(12, 7, List.of(gallery, article)))
				.returns("article:12", LockRequiredException::getResource);
		});
	}

	@Test
	void callWithoutLockerAndFenceSaysWhatToDo() {
		this.anonymousRunner.run((context) -> {
			hold("article:12", "ann");
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Articles.class).save(12))
				.withMessageContaining("Articles.save cannot know who must hold the lock")
				.withMessageContaining("register a LockerResolver bean");
		});
	}

	@Test
	void annotationOfOnesOwnAndFutureAreChecked() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			assertNobodyHolds("article:12", () -> articles.saveLater(12));
			hold("article:12", "ann");
			assertThat(articles.saveLater(12).get()).isEqualTo("saved");
		});
	}

	@Test
	void checkIsInsideTheLockOfTheSameMethod() {
		this.contextRunner
			.run((context) -> assertThat(context.getBean(Articles.class).lockAndSave(12)).isEqualTo("saved"));
	}

	private LockInfo hold(String resource, String locker) {
		LockAttempt attempt = this.locks.tryLock(LockRequest.of(resource).by(locker).force());
		assertThat(attempt).isInstanceOf(LockAttempt.Acquired.class);
		return this.locks.find(resource).orElseThrow();
	}

	private static void assertNobodyHolds(String resource, ThrowingCallable call) {
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
