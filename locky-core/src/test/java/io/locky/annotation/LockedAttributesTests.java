package io.locky.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AliasFor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The effect of each attribute.
 */
class LockedAttributesTests extends AnnotationFixture {

	@Test
	void severalResourcesAreHeldTogether() {
		run((context) -> {
			assertThat(articles(context).swap(2, 1)).containsExactly("article:1", "article:2");
			assertThat(articles(context).swap(1, 1)).containsExactly("article:1");
			assertThat(locks(context).findAll(List.of("article:1", "article:2"))).isEmpty();
		});
	}

	@Test
	void deniedResourceReleasesTheOthers() {
		run((context) -> {
			locks(context).lock("article:2", "ann");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> articles(context).swap(1, 2))
				.withMessage("'article:2' is locked by 'ann'");
			assertThat(locks(context).find("article:1")).isEmpty();
			assertThat(locks(context).getLocker("article:2")).isEqualTo("ann");
		});
	}

	@Test
	void everyAttributeReachesTheLock() {
		this.application.withBean(Configured.class)
			.withProperty("press.lease", "PT2M")
			.withProperty("press.name", "press")
			.run((context) -> {
				context.getBean(LockyTemplate.class).lock("press:12", "ann");
				LockInfo seen = context.getBean(Configured.class).print(12, "bob");
				assertThat(seen).returns("press:12", LockInfo::resource)
					.returns("user-bob", LockInfo::locker)
					.returns("Printing 12", LockInfo::note);
				assertThat(seen.expiresIn()).isBetween(Duration.ofSeconds(100), Duration.ofMinutes(2));
			});
	}

	@Test
	void callWaitsForALockThatIsHeld() {
		run((context) -> {
			locks(context).lock(LockRequest.of("tea").by("ann").ttl(Duration.ofMillis(300)));
			assertThat(articles(context).waiting("tea")).isEqualTo("done");
		});
	}

	@Test
	void classAnnotationAppliesToPublicMethods() {
		this.application.withBean("desk", Desk.class).withBean("late", LateDesk.class).run((context) -> {
			Desk desk = context.getBean("desk", Desk.class);
			assertThat(desk.open(7)).isEqualTo("desk:7");
			assertThat(desk.own(7)).isEqualTo("own");
			assertThat(desk.hidden(7)).isNull();
			assertThat(desk).hasToString("not locked");
			assertThat(context.getBean(LateDesk.class).open(8)).isEqualTo("desk:8");
		});
	}

	@Test
	void metaAnnotationAppliesItsAttributes() {
		this.application.withBean(Composed.class).run((context) -> {
			LockInfo seen = context.getBean(Composed.class).edit(12);
			assertThat(seen.resource()).isEqualTo("article:12");
			assertThat(seen.expiresIn()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
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

		@Locked({ "article:#from", "article:#<to>" })
		Set<String> swap(long from, long to) {
			return this.locks.findAll(new TreeSet<>(List.of("article:" + from, "article:" + to))).keySet();
		}

		@Locked(value = "#slug", waitFor = "10s")
		String waiting(String slug) {
			return "done";
		}

	}

	static class Configured {

		private final LockyTemplate locks;

		Configured(LockyTemplate locks) {
			this.locks = locks;
		}

		@Locked(value = "${press.name}:#id", locker = "user-#user", ttl = "${press.lease}", force = true,
				note = "Printing #id", waitFor = "${press.wait-timeout:1s}")
		LockInfo print(long id, String user) {
			return this.locks.find("press:" + id).orElseThrow();
		}

	}

	@Locked("desk:#id")
	static class Desk {

		public @Nullable String open(long id) {
			return held("desk:" + id);
		}

		@Locked("own")
		public @Nullable String own(long id) {
			return held("own");
		}

		@Nullable String hidden(long id) {
			return held("desk:" + id);
		}

		private static @Nullable String held(String resource) {
			return (HeldLocks.current().find(resource) != null) ? resource : null;
		}

		@Override
		public String toString() {
			return "not locked";
		}

	}

	static class LateDesk extends Desk {

	}

	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Locked("article:#id")
	@interface ArticleLock {

		@AliasFor(annotation = Locked.class)
		String ttl() default "5m";

	}

	static class Composed {

		private final LockyTemplate locks;

		Composed(LockyTemplate locks) {
			this.locks = locks;
		}

		@ArticleLock
		LockInfo edit(long id) {
			return this.locks.find("article:" + id).orElseThrow();
		}

	}

}
