package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.observation.LockyObservations;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts an application context with lock annotations and without Spring Boot. Immutable:
 * each method returns a new application.
 */
final class TestApplication {

	private final List<Consumer<AnnotationConfigApplicationContext>> parts;

	private TestApplication(List<Consumer<AnnotationConfigApplicationContext>> parts) {
		this.parts = parts;
	}

	static TestApplication withLockAnnotations() {
		return new TestApplication(List.of(TestApplication::registerPostProcessors));
	}

	private static void registerPostProcessors(AnnotationConfigApplicationContext context) {
		Supplier<LockyOperations> operations = () -> context.getBean(LockyOperations.class);
		registerPostProcessors(context, operations);
	}

	/**
	 * Registers the post-processors.
	 * @param context the application
	 * @param operations supplies the operations, if not those of the application
	 */
	static void registerPostProcessors(AnnotationConfigApplicationContext context,
			Supplier<LockyOperations> operations) {
		Supplier<@Nullable ReactiveLockyOperations> reactive = () -> context
			.getBeanProvider(ReactiveLockyOperations.class)
			.getIfAvailable();
		Supplier<@Nullable LockerResolver> lockers = () -> context.getBeanProvider(LockerResolver.class)
			.getIfAvailable();
		context.registerBean(LockedBeanPostProcessor.class,
				() -> new LockedBeanPostProcessor(operations, reactive, lockers, () -> LockyObservations.NONE));
		context.registerBean(RequiresLockBeanPostProcessor.class,
				() -> new RequiresLockBeanPostProcessor(operations, reactive, lockers));
	}

	static TestApplication empty() {
		return new TestApplication(List.of());
	}

	TestApplication with(Consumer<AnnotationConfigApplicationContext> part) {
		List<Consumer<AnnotationConfigApplicationContext>> all = new ArrayList<>(this.parts);
		all.add(part);
		return new TestApplication(all);
	}

	TestApplication withConfiguration(Class<?> configuration) {
		return with((context) -> context.register(configuration));
	}

	TestApplication withBean(Class<?> type) {
		return with((context) -> context.registerBean(type));
	}

	TestApplication withBean(String name, Class<?> type, BeanDefinitionCustomizer... customizers) {
		return with((context) -> context.registerBean(name, type, customizers));
	}

	<T> TestApplication withBean(Class<T> type, Supplier<T> supplier) {
		return with((context) -> context.registerBean(type, supplier));
	}

	TestApplication withProperty(String name, String value) {
		return with((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(name, Map.of(name, value))));
	}

	/**
	 * Starts the application, runs the action and closes the application.
	 * @param action the action
	 */
	void run(Action action) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			this.parts.forEach((part) -> part.accept(context));
			context.refresh();
			action.run(context);
		}
		catch (Throwable ex) {
			TestApplication.<RuntimeException>rethrow(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> void rethrow(Throwable failure) throws E {
		throw (E) failure;
	}

	interface Action {

		void run(AnnotationConfigApplicationContext context) throws Throwable;

	}

}
