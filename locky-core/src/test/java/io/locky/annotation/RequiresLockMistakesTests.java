package io.locky.annotation;

import io.locky.LockerResolver;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Mistakes that fail the start-up.
 */
class RequiresLockMistakesTests extends AnnotationFixture {

	@Test
	void mistakesFailTheStartUpWithAnAction() {
		assertRefused(UnknownParameter.class, "there is no parameter 'ident'", "Use one of [id]");
		assertRefused(Hidden.class, "a proxy cannot reach", "overridable");
		assertRefused(Unfinished.class, "never closed", "Correct the text");
		assertRefused(UnknownFence.class, "there is no parameter 'fence'", "Use one of [id]");
		assertRefused(TooFewFences.class, "it has 2 resources and 1 fences", "one fence for each");
		assertRefused(NoResource.class, "it names no resource", "Name the resources");
	}

	@Test
	void callsThatCouldNeverPassFailTheStartUp() {
		assertThatExceptionOfType(InvalidLockedMethodException.class)
			.isThrownBy(() -> this.application.withBean(NoLocker.class).withBean(OtherLocks.class).run((context) -> {
			}))
			.withMessageStartingWith("@RequiresLock on " + NoLocker.class.getName() + ".save: there is no locker")
			.satisfies((failure) -> assertThat(failure.getAction()).contains("io.locky.LockerResolver", "fence = "));
	}

	@Test
	void callsThatMayPassDoNot() {
		TestApplication application = this.application.withBean(NoLocker.class);
		application.withBean(LockerResolver.class, () -> () -> null).run(RequiresLockMistakesTests::assertStarted);
		application.withBean(SameLocks.class).run(RequiresLockMistakesTests::assertStarted);
		application.withBean("lazy", SameLocks.class, (definition) -> definition.setLazyInit(true))
			.run(RequiresLockMistakesTests::assertStarted);
		this.application.withBean(NamedLocker.class).run((context) -> assertThat(context.isActive()).isTrue());
	}

	private static void assertStarted(ApplicationContext context) {
		assertThat(context.getBean(NoLocker.class)).isNotNull();
	}

	private void assertRefused(Class<?> bean, String problem, String action) {
		assertRefused(bean, "@RequiresLock on " + bean.getName(), problem, action);
	}

	static class NoLocker {

		@RequiresLock("article:#<id>")
		void save(long id) {
		}

	}

	static class NamedLocker {

		@RequiresLock(value = "article:#<id>", locker = "#user")
		void save(long id, String user) {
		}

		@RequiresLock(value = "article:#<id>", fence = "#fence")
		void saveFenced(long id, long fence) {
		}

	}

	static class SameLocks {

		@Locked("#{#kind}:#<id>")
		void publish(String kind, long id) {
		}

	}

	static class OtherLocks {

		@Locked("articles:#<id>")
		void publish(long id) {
		}

	}

	static class UnknownParameter {

		@RequiresLock("article:#<ident>")
		void save(long id) {
		}

	}

	static class UnknownFence {

		@RequiresLock(value = "article:#<id>", fence = "#<fence>")
		void save(long id) {
		}

	}

	static class Hidden {

		@RequiresLock("article:12")
		private void save() {
		}

	}

	static class Unfinished {

		@RequiresLock("article:#{id")
		void save(long id) {
		}

	}

	static class TooFewFences {

		@RequiresLock(value = { "article:#<id>", "gallery:#<id>" }, fence = "#id")
		void save(long id) {
		}

	}

	static class NoResource {

		@RequiresLock({})
		void save() {
		}

	}

}
