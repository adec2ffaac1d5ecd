package io.locky.annotation;

import java.util.function.Function;
import java.util.stream.Stream;

import io.locky.annotation.inherited.PackagePrivateDesk;
import io.locky.annotation.inherited.PublicDesk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Lookup;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.PriorityOrdered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Unusual places of the annotation: locked, or refused at start-up.
 */
class LockedReachTests extends AnnotationFixture {

	static Stream<Arguments> unreachable() {
		return Stream.of(arguments(OfAnotherPackage.class, "PackagePrivateDesk.edit: a proxy in the package of "),
				arguments(Equality.class, "Equality.equals: a proxy answers it by itself"),
				arguments(Hashing.class, "Hashing.hashCode: a proxy answers it by itself"),
				arguments(NothingPublic.class, "NothingPublic: it has no method that the annotation applies to"),
				arguments(LockedFactory.class, "LockedFactory: it has no method that the annotation applies to"),
				arguments(InitMethod.class, "WithInit.begin: Spring calls it on the bean itself"),
				arguments(DestroyMethod.class, "WithDestroy.end: Spring calls it on the bean itself"),
				arguments(InferredClose.class, "WithClose.shutdown: Spring calls it on the bean itself"),
				arguments(Closeable.class, "Closeable.close: Spring calls it on the bean itself"),
				arguments(StaticBean.class, "StaticBean.desk: a proxy cannot reach"),
				arguments(NeededEarly.class, "Desk.edit: its bean 'deskFactory' was created before lock advice"));
	}

	@ParameterizedTest
	@MethodSource("unreachable")
	void methodThatNoProxyReachesIsRefused(Class<?> configuration, String problem) {
		Throwable failure = catchThrowable(() -> this.application.withConfiguration(configuration).run((context) -> {
		}));
		assertThat(failure).isNotNull();
		assertThat(NestedExceptionUtils.getMostSpecificCause(failure)).isInstanceOf(InvalidLockedMethodException.class)
			.hasMessageContaining(problem);
	}

	static Stream<Arguments> reached() {
		return Stream.of(use(PublicDesk.class, PublicDesk::edit), use(WholeDesk.class, WholeDesk::read),
				use(Overriding.class, (desk) -> ((Generic<String>) desk).edit("tea")),
				use(Inheriting.class, (desk) -> desk.edit("tea")),
				use(WithDefaultMethod.class, (desk) -> desk.edit(new Article("tea"))),
				use(WithLookup.class, WithLookup::edit), use(DeskFactory.class, Desk.class, Desk::edit),
				use(BeanMethod.class, String.class, Function.identity()),
				use(AutoCloseableDesk.class, AutoCloseableDesk::edit));
	}

	private static <T> Arguments use(Class<T> type, Function<T, String> call) {
		return arguments(type, type, call);
	}

	private static <T> Arguments use(Class<?> configuration, Class<T> type, Function<T, String> call) {
		return arguments(configuration, type, call);
	}

	@ParameterizedTest
	@MethodSource("reached")
	<T> void methodThatAProxyReachesIsLocked(Class<?> configuration, Class<T> type, Function<T, String> call) {
		this.application.withConfiguration(configuration)
			.run((context) -> assertThat(call.apply(context.getBean(type))).isEqualTo("locked"));
	}

	@Test
	void innerClassIsLocked() {
		this.application.withBean(Inner.class, () -> new Inner())
			.run((context) -> assertThat(context.getBean(Inner.class).edit()).isEqualTo("locked"));
	}

	static String held() {
		return (HeldLocks.current().find("tea") != null) ? "locked" : "unlocked";
	}

	static class OfAnotherPackage extends PackagePrivateDesk {

	}

	static class Equality {

		@Override
		@Locked("tea")
		public boolean equals(@Nullable Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return 1;
		}

	}

	static class Hashing {

		@Override
		public boolean equals(@Nullable Object other) {
			return this == other;
		}

		@Override
		@Locked("tea")
		public int hashCode() {
			return 1;
		}

	}

	@Locked("tea")
	static class NothingPublic {

		void edit() {
		}

	}

	@Locked("tea")
	static class LockedFactory extends DeskFactory {

	}

	@Configuration(proxyBeanMethods = false)
	static class InitMethod {

		@Bean(initMethod = "begin")
		WithInit desk() {
			return new WithInit();
		}

	}

	static class WithInit {

		@Locked("tea")
		void begin() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DestroyMethod {

		@Bean(destroyMethod = "end")
		WithDestroy desk() {
			return new WithDestroy();
		}

	}

	static class WithDestroy {

		@Locked("tea")
		void end() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InferredClose {

		@Bean
		WithClose desk() {
			return new WithClose();
		}

	}

	static class WithClose {

		@Locked("tea")
		public void shutdown() {
		}

	}

	static class Closeable implements AutoCloseable {

		@Override
		@Locked("tea")
		public void close() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StaticBean {

		@Bean
		@Locked("tea")
		static Desk desk() {
			return new Desk();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeededEarly {

		@Bean
		static DeskFactory deskFactory() {
			return new DeskFactory();
		}

		@Bean
		static Eager eager(Desk desk) {
			return new Eager();
		}

	}

	static class Eager implements BeanPostProcessor, PriorityOrdered {

		@Override
		public int getOrder() {
			return 0;
		}

	}

	@Locked("tea")
	static class WholeDesk extends PublicDesk {

	}

	abstract static class Generic<T> {

		@Locked("#id")
		String edit(T id) {
			return held();
		}

	}

	static class Overriding extends Generic<String> {

		@Override
		String edit(String id) {
			return held();
		}

	}

	static class Inheriting extends Generic<String> {

	}

	record Article(String name) {

	}

	interface Editing<T> {

		@Locked("#<article.name>")
		default String edit(T article) {
			return held();
		}

	}

	static class WithDefaultMethod implements Editing<Article> {

	}

	abstract static class WithLookup {

		@Lookup
		abstract Events events();

		@Locked("tea")
		String edit() {
			return (events() != null) ? held() : "nothing";
		}

	}

	static class DeskFactory implements FactoryBean<Desk> {

		@Override
		public Desk getObject() {
			return new Desk();
		}

		@Override
		public Class<?> getObjectType() {
			return Desk.class;
		}

	}

	static class Desk {

		@Locked("tea")
		String edit() {
			return held();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethod {

		@Bean
		@Locked("tea")
		String whileItIsCreated() {
			return held();
		}

	}

	@Locked("tea")
	static class AutoCloseableDesk implements AutoCloseable {

		public String edit() {
			return held();
		}

		@Override
		public void close() {
		}

	}

	class Inner {

		@Locked("tea")
		String edit() {
			return held();
		}

	}

}
