package io.locky.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockRequiredException;
import io.locky.LockerResolver;
import io.locky.event.LockAcquiredEvent;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.PriorityOrdered;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authorization.method.AuthorizationManagerBeforeMethodInterceptor;
import org.springframework.security.core.AuthenticationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Beans that are several proxies, and beans for which there can be no proxy in time.
 */
class LockedPlacementTests extends AnnotationFixture {

	private final AtomicInteger checks = new AtomicInteger();

	@Test
	void scopedBeanIsLockedAndCheckedOnce() {
		this.application.withConfiguration(Scoped.class)
			.withBean(LockerResolver.class, () -> this::countCheck)
			.run((context) -> {
				Desk desk = context.getBean(Desk.class);
				assertThat(desk.editHeld("tea")).isEqualTo("tea");
				locks(context).lock("tea", "ann");
				this.checks.set(0);
				assertThat(desk.save("tea")).isEqualTo("saved");
				assertThat(this.checks).hasValue(1);
				assertThatExceptionOfType(LockRequiredException.class).isThrownBy(() -> desk.save("coffee"));
			});
	}

	private String countCheck() {
		this.checks.incrementAndGet();
		return "ann";
	}

	@Test
	void securityOfTheInnerOfTwoProxiesDecidesFirst() {
		this.application.withBean(Desk.class, () -> proxy(secured(false))).run((context) -> {
			Desk desk = context.getBean(Desk.class);
			locks(context).lock("tea", "ann");
			assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> desk.secret("tea"));
			assertThat(desk.editHeld("coffee")).isEqualTo("coffee");
		});
	}

	@Test
	void proxyThatBecomesTheTargetOfAnotherKeepsItsLock() {
		this.application.withBean(Wrapping.class).withBean(Desk.class).run((context) -> {
			Desk desk = context.getBean(Desk.class);
			assertThat(ProxyChain.of(desk).proxies()).hasSize(2);
			assertThat(desk.editHeld("tea")).isEqualTo("tea");
			assertThat(count(context, LockAcquiredEvent.class)).isEqualTo(1);
			Desk bound = context.getBean(Wrapping.class).bound();
			assertThat(bound).isNotSameAs(desk);
			assertThat(bound.editHeld("coffee")).isEqualTo("coffee");
		});
	}

	@Test
	void frozenProxyWithMethodSecurityIsRefused() {
		assertRefused(this.application.withBean(Desk.class, () -> secured(true)), "opaque or frozen proxy",
				"neither opaque nor frozen");
	}

	@Test
	void listenerThatIsBoundBeforeThereIsAProxyIsRefused() {
		assertRefused(this.application.withBean(TooEarly.class).withBean(Listener.class),
				"TooEarly comes first and keeps the bean without its lock", "lower precedence");
	}

	@Test
	void beanThatAPostProcessorNeedsIsRefused() {
		assertRefused(this.application.withConfiguration(NeededEarly.class),
				"its bean 'desk' was created before lock advice could be added", "ObjectProvider");
	}

	private static void assertRefused(TestApplication application, String problem, String action) {
		Throwable thrown = catchThrowable(() -> application.run((context) -> {
		}));
		assertThat(thrown).isNotNull();
		assertThat(NestedExceptionUtils.getMostSpecificCause(thrown))
			.isInstanceOfSatisfying(InvalidLockedMethodException.class, (failure) -> {
				assertThat(failure).hasMessageContaining(problem);
				assertThat(failure.getAction()).contains(action);
			});
	}

	private static Desk secured(boolean frozen) {
		ProxyFactory secured = new ProxyFactory(new Desk());
		secured.setProxyTargetClass(true);
		secured.addAdvisor(AuthorizationManagerBeforeMethodInterceptor.preAuthorize());
		secured.setFrozen(frozen);
		return (Desk) secured.getProxy();
	}

	private static Desk proxy(Desk target) {
		ProxyFactory outer = new ProxyFactory(target);
		outer.setProxyTargetClass(true);
		outer.addAdvice((MethodInterceptor) MethodInvocation::proceed);
		return (Desk) outer.getProxy();
	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Desk desk() {
			return new Desk();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeededEarly {

		@Bean
		Desk desk() {
			return new Desk();
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

	/** Keeps the bean that it sees, and then puts another proxy around it. */
	static class Wrapping implements BeanPostProcessor {

		private @Nullable Desk bound;

		Desk bound() {
			return Objects.requireNonNull(this.bound);
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (bean instanceof Desk desk) {
				this.bound = desk;
				return proxy(desk);
			}
			return bean;
		}

	}

	static class Desk {

		@Locked("#name")
		@RequiresLock("#name")
		@Nullable String editHeld(String name) {
			return (HeldLocks.current().find(name) != null) ? name : null;
		}

		@RequiresLock("#name")
		String save(String name) {
			return "saved";
		}

		@Locked("#name")
		@PreAuthorize("hasRole('CHIEF')")
		void secret(String name) {
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@interface Listen {

	}

	static class Listener {

		@Listen
		@Locked("tea")
		void on(String message) {
		}

	}

	static class TooEarly extends Eager {

	}

}
