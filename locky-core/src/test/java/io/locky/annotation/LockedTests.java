package io.locky.annotation;

import java.io.IOException;
import java.time.Duration;

import io.locky.LockInfo;
import io.locky.LockLostException;
import io.locky.LockRequest;
import io.locky.LockerResolver;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The lock around a method: held, denied, lost.
 */
class LockedTests extends AnnotationFixture {

	@Test
	void methodRunsUnderItsLockAndReleasesIt() {
		run((context) -> {
			LockInfo seen = articles(context).publish(12);
			assertThat(seen.resource()).isEqualTo("article:12");
			assertThat(seen.locker()).startsWith("Articles.publish/");
			assertThat(seen.expiresIn()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
			assertThat(locks(context).find("article:12")).isEmpty();
		});
	}

	@Test
	void deniedCallDoesNotRunAndNamesTheHolder() {
		run((context) -> {
			locks(context).lock(LockRequest.of("article:12").by("ann").ttl(Duration.ofMinutes(5)));
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> articles(context).publish(12))
				.withMessage("'article:12' is locked by 'ann'")
				.satisfies((ex) -> {
					assertThat(ex.getResource()).isEqualTo("article:12");
					assertThat(ex.getLock()).returns("ann", LockInfo::locker).returns("article:12", LockInfo::resource);
				});
			assertThat(articles(context).publish(13)).isNotNull();
			assertThat(locks(context).getLocker("article:12")).isEqualTo("ann");
		});
	}

	@Test
	void failingMethodReleasesItsLock() {
		run((context) -> {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> articles(context).fail("tea"))
				.withMessage("tea");
			assertThat(locks(context).find("tea")).isEmpty();
		});
	}

	@Test
	void lockOfTheNextHolderSurvivesTheEndOfTheMethod() {
		run((context) -> {
			assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> articles(context).loseLock("tea"))
				.withMessageStartingWith("'tea' was lost while 'Articles.loseLock/");
			assertThat(locks(context).getLocker("tea")).isEqualTo("thief");
		});
	}

	@Test
	void resolvedLockerHoldsTheLock() {
		this.application.withBean(Articles.class)
			.withBean(LockerResolver.class, () -> () -> 20)
			.run((context) -> assertThat(articles(context).publish(12).locker()).isEqualTo("20"));
	}

	@Test
	void valueThatIsNoNameIsRefusedBeforeTheCall() {
		run((context) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> articles(context).fail(null))
				.withMessageContaining("Articles.fail cannot name its resource")
				.withMessageContaining("must not be null");
			assertThat(this.fixture.allKeys()).isEmpty();
		});
	}

	@Test
	void failingReleaseKeepsTheResult() {
		run((context) -> {
			String result = articles(context).breakRecord("tea", this.fixture);
			assertThat(result).isEqualTo("done");
		});
	}

	private void run(TestApplication.Action action) {
		this.application.withBean(Articles.class).run(action);
	}

	private static Articles articles(ApplicationContext context) {
		return context.getBean(Articles.class);
	}

	static class Articles {

		private final LockyTemplate locks;

		Articles(LockyTemplate locks) {
			this.locks = locks;
		}

		@Locked("article:#<id>")
		LockInfo publish(long id) {
			return this.locks.find("article:" + id).orElseThrow();
		}

		@Locked("#<slug>")
		void fail(@Nullable String slug) throws IOException {
			throw new IOException(slug);
		}

		@Locked("#slug")
		void loseLock(String slug) {
			this.locks.lock(LockRequest.of(slug).by("thief").force());
		}

		@Locked("#slug")
		String breakRecord(String slug, LockyFixture fixture) {
			fixture.redis().delete(fixture.prefix() + "records");
			fixture.redis().opsForValue().set(fixture.prefix() + "records", slug);
			return "done";
		}

	}

}
