package io.locky.annotation;

import org.junit.jupiter.api.Test;

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

	private void assertRefused(Class<?> bean, String problem, String action) {
		assertRefused(bean, "@RequiresLock on " + bean.getName(), problem, action);
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
