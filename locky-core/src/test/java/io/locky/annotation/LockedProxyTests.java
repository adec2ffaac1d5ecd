package io.locky.annotation;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

import io.locky.ResourceLockedException;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Beans of every kind: classes, lambdas and proxies.
 */
class LockedProxyTests extends AnnotationFixture {

	@Test
	void proxyOfAnotherLibraryLocksByItsInterface() {
		Object identity = new Object();
		assertLocks(this.application.withBean(Client.class,
				() -> (Client) Proxy.newProxyInstance(Client.class.getClassLoader(), new Class<?>[] { Client.class },
						(proxy, method, arguments) -> (method.getDeclaringClass() == Object.class)
								? method.invoke(identity, arguments) : held(String.valueOf(arguments[0])))));
	}

	@Test
	void springProxyLocksWhereItsTargetLacksTheInterface() {
		assertLocks(this.application.withBean(Client.class, LockedProxyTests::repository));
		this.application.withBean(Client.class, LockedProxyTests::repository)
			.run((context) -> assertThat(((Advised) context.getBean(Client.class)).getAdvisors()).hasSize(2));
	}

	private static Client repository() {
		ProxyFactory repository = new ProxyFactory();
		repository.setTarget(new Object());
		repository.setInterfaces(Client.class);
		repository.addAdvice((MethodInterceptor) (invocation) -> held(String.valueOf(invocation.getArguments()[0])));
		return (Client) repository.getProxy();
	}

	@Test
	void methodThatAnInterfaceDeclaresAgainIsLocked() {
		this.application.withBean(Articles.class, LockedProxyTests::store).run((context) -> {
			assertThat(context.getBean(Articles.class).names()).containsExactly("tea");
			locks(context).lock("tea", "ann");
			assertThatExceptionOfType(ResourceLockedException.class)
				.isThrownBy(() -> context.getBean(Articles.class).clear());
		});
	}

	private static Articles store() {
		ProxyFactory repository = new ProxyFactory();
		repository.setTarget(new Store());
		repository.setInterfaces(Articles.class);
		repository.addAdvice(
				(MethodInterceptor) (invocation) -> ClassUtils.getMethod(Store.class, invocation.getMethod().getName())
					.invoke(invocation.getThis()));
		return (Articles) repository.getProxy();
	}

	@Test
	void lambdaLocksByItsInterface() {
		assertLocks(this.application.withBean(Client.class, () -> LockedProxyTests::held));
	}

	@Test
	void classLocksByTheAnnotationOfItsInterface() {
		assertLocks(this.application.withBean(Client.class, Implementation::new));
	}

	@Test
	void interfaceProxyOfATransactionalBeanLocks() {
		assertLocks(this.application.withConfiguration(StockDatabase.class)
			.withBean(Client.class, TransactionalImplementation::new));
	}

	@Test
	void everyPrototypeInstanceLocks() {
		this.application.withBean("client", Implementation.class, (bean) -> bean.setScope("prototype"))
			.run((context) -> {
				assertThat(context.getBean("client", Client.class).edit("tea")).isEqualTo("tea");
				assertThat(context.getBean("client", Client.class).edit("tea")).isEqualTo("tea");
			});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsLock() {
		SimpleAsyncTaskExecutor virtual = new SimpleAsyncTaskExecutor("virtual-");
		virtual.setVirtualThreads(true);
		this.application.withBean(Client.class, Implementation::new).run((context) -> {
			Client client = context.getBean(Client.class);
			Executor executor = virtual;
			assertThat(CompletableFuture.supplyAsync(() -> client.edit("tea"), executor).join()).isEqualTo("tea");
			locks(context).lock("tea", "ann");
			assertThat(CompletableFuture.supplyAsync(() -> client.edit("tea"), executor))
				.failsWithin(Duration.ofSeconds(10))
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(ResourceLockedException.class);
		});
	}

	private static void assertLocks(TestApplication application) {
		application.run((context) -> {
			Client client = context.getBean(Client.class);
			assertThat(AopUtils.isAopProxy(client)).isTrue();
			assertThat(client.edit("tea")).isEqualTo("tea");
			locks(context).lock("tea", "ann");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> client.edit("tea"));
		});
	}

	private static @Nullable String held(String name) {
		return (HeldLocks.current().find(name) != null) ? name : null;
	}

	interface Client {

		@Locked("#name")
		@Nullable String edit(String name);

	}

	static class Implementation implements Client {

		@Override
		public @Nullable String edit(String name) {
			return held(name);
		}

	}

	static class TransactionalImplementation implements Client {

		@Override
		@Transactional
		public @Nullable String edit(String name) {
			return held(name);
		}

	}

	interface Crud {

		List<String> names();

		void clear();

	}

	static class Store implements Crud {

		@Override
		public List<String> names() {
			return List.of(String.valueOf(held("tea")));
		}

		@Override
		public void clear() {
		}

	}

	interface Articles extends Crud {

		@Override
		@Locked("tea")
		List<String> names();

		@Override
		@RequiresLock(value = "tea", locker = "bob")
		void clear();

	}

}
