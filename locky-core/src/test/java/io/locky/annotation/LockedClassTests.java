package io.locky.annotation;

import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.InitializingBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An annotation of a class applies to each of its public methods.
 */
class LockedClassTests extends AnnotationFixture {

	@Test
	void inheritedAndDefaultMethodsAreLocked() {
		this.application.withBean(Desk.class).run((context) -> {
			Desk desk = context.getBean(Desk.class);
			assertThat(desk.own()).isEqualTo("desk");
			assertThat(desk.inherited()).isEqualTo("desk");
			assertThat(desk.ofInterface()).isEqualTo("desk");
			assertThat(desk.generic("text")).isEqualTo("desk");
			assertThat(desk.withItsOwn()).isEqualTo("base");
			assertThat(desk.hidden()).isNull();
		});
	}

	@Test
	void inheritedMethodThatTheAnnotationOfAnInterfaceMissesIsRefused() {
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> this.application.withBean(Client.class, () -> client(Client.class)).run((context) -> {
			}))
			.havingRootCause()
			.isInstanceOf(InvalidLockedMethodException.class)
			.withMessageContaining("Reader.ofInterface: the annotation of " + Client.class.getName());
		this.application.withBean(Complete.class, () -> client(Complete.class)).run((context) -> {
			Complete client = context.getBean(Complete.class);
			assertThat(client.edit()).isEqualTo("client");
			assertThat(client.ofInterface()).isEqualTo("client");
		});
	}

	@Test
	void callbacksOfTheContainerAreNotCovered() {
		this.application.withBean(WithCallbacks.class)
			.run((context) -> assertThat(context.getBean(WithCallbacks.class).own()).isEqualTo("article:12"));
	}

	static <T> T client(Class<T> type) {
		ProxyFactory client = new ProxyFactory();
		client.setInterfaces(type);
		client.addAdvice((MethodInterceptor) (invocation) -> held());
		return type.cast(client.getProxy());
	}

	private static @Nullable String held() {
		return HeldLocks.current().locks().stream().map((lock) -> lock.handle().resource()).findFirst().orElse(null);
	}

	interface Reader {

		default @Nullable String ofInterface() {
			return held();
		}

	}

	@Locked("client")
	interface Client extends Reader {

		@Nullable String edit();

	}

	@Locked("client")
	interface Complete extends Reader {

		@Nullable String edit();

		@Override
		@Nullable String ofInterface();

	}

	static class Base<T> {

		public @Nullable String inherited() {
			return held();
		}

		public @Nullable String generic(T value) {
			return held();
		}

		@Locked("base")
		public @Nullable String withItsOwn() {
			return held();
		}

		@Nullable String hidden() {
			return held();
		}

	}

	@Locked("desk")
	static class Desk extends Base<String> implements Reader {

		public @Nullable String own() {
			return held();
		}

	}

	@Locked("article:12")
	static class WithCallbacks implements BeanNameAware, InitializingBean {

		@Override
		public final void setBeanName(String name) {
		}

		@Override
		public void afterPropertiesSet() {
		}

		public @Nullable String own() {
			return held();
		}

	}

}
