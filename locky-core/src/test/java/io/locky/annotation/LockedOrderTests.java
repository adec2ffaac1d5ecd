package io.locky.annotation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockHandle;
import io.locky.ResourceLockedException;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authorization.method.AuthorizationManagerBeforeMethodInterceptor;
import org.springframework.security.core.AuthenticationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The place of the lock among other advice; for transactions see
 * {@link LockedTransactionTests}.
 */
class LockedOrderTests extends AnnotationFixture {

	@Test
	void cacheIsReadUnderTheLock() {
		run((context) -> {
			Desk desk = context.getBean(Desk.class);
			List<CompletableFuture<Integer>> calls = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				calls.add(CompletableFuture.supplyAsync(() -> desk.cached("tea"), (task) -> new Thread(task).start()));
			}
			calls.forEach((call) -> assertThat(call.join()).isEqualTo(1));
			locks(context).lock("tea", "ann");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> desk.impatientlyCached("tea"));
		});
	}

	@Test
	void retriesRunUnderOneLock() {
		run((context) -> {
			Desk desk = context.getBean(Desk.class);
			assertThat(desk.retried("tea")).isEqualTo(1);
			assertThat(desk.attempts()).isEqualTo(3);
			assertThat(count(context, LockAcquiredEvent.class)).isEqualTo(1);
		});
	}

	@Test
	void denialIsNotRetried() {
		run((context) -> {
			Desk desk = context.getBean(Desk.class);
			locks(context).lock("tea", "ann");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> desk.retried("tea"));
			assertThat(desk.attempts()).isZero();
		});
	}

	@Test
	void asyncMethodIsLockedInItsWorkerThread() {
		run((context) -> {
			Desk desk = context.getBean(Desk.class);
			CountDownLatch goOn = new CountDownLatch(1);
			CompletableFuture<String> result = desk.inBackground("tea", goOn);
			await().until(() -> locks(context).getLocker("tea") != null);
			assertThat(HeldLocks.current().locks()).isEmpty();
			goOn.countDown();
			assertThat(result.join()).isEqualTo("tea");
			assertThat(locks(context).getLocker("tea")).isNull();
		});
	}

	@Test
	void unauthorizedCallAcquiresNoLock() {
		ProxyFactory secured = new ProxyFactory(new Desk());
		secured.setProxyTargetClass(true);
		secured.addAdvisor(AuthorizationManagerBeforeMethodInterceptor.preAuthorize());
		this.application.withBean(Desk.class, () -> (Desk) secured.getProxy()).run((context) -> {
			assertThatExceptionOfType(AuthenticationException.class)
				.isThrownBy(() -> context.getBean(Desk.class).secret("tea"));
			assertThat(count(context, LockAcquiredEvent.class)).isZero();
		});
	}

	@Test
	void unauthorizedCallDoesNotRevealTheHolder() {
		ProxyFactory secured = new ProxyFactory(new Desk());
		secured.setProxyTargetClass(true);
		secured.addAdvisor(AuthorizationManagerBeforeMethodInterceptor.preAuthorize());
		this.application.withBean(Desk.class, () -> (Desk) secured.getProxy()).run((context) -> {
			locks(context).lock("tea", "ann");
			assertThatExceptionOfType(AuthenticationException.class)
				.isThrownBy(() -> context.getBean(Desk.class).secretOfTheHolder("tea"));
			assertThat(count(context, LockAcquiredEvent.class)).isEqualTo(1);
		});
	}

	@Test
	void allAdviceRunsInTheDocumentedOrder() {
		run((context) -> {
			Desk desk = context.getBean(Desk.class);
			assertThat(desk.everything("tea").join()).isEqualTo("tea");
			assertThat(desk.everything("tea").join()).isEqualTo("tea");
			assertThat(desk.attempts()).isEqualTo(3);
			assertThat(count(context, LockAcquiredEvent.class)).isEqualTo(2);
			assertThat(count(context, LockReleasedEvent.class)).isEqualTo(2);
		});
	}

	private void run(TestApplication.Action action) {
		this.application.withConfiguration(Advice.class).withBean(Desk.class).run(action);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	@EnableCaching
	@EnableResilientMethods
	static class Advice {

		@Bean
		CacheManager cacheManager() {
			return new ConcurrentMapCacheManager();
		}

	}

	static class Desk {

		private final AtomicInteger calls = new AtomicInteger();

		private final AtomicInteger attempts = new AtomicInteger();

		private final Set<LockHandle> grants = new HashSet<>();

		int attempts() {
			return this.attempts.get();
		}

		@Locked(value = "#slug", waitFor = "30s")
		@Cacheable("articles")
		int cached(String slug) {
			return this.calls.incrementAndGet();
		}

		@Locked("#slug")
		@Cacheable("articles")
		int impatientlyCached(String slug) {
			return this.calls.incrementAndGet();
		}

		@Locked("#slug")
		@Retryable(maxRetries = 5, delay = 1)
		int retried(String slug) {
			this.grants.add(HeldLocks.current().find(slug));
			if (this.attempts.incrementAndGet() < 3) {
				throw new IllegalStateException("once more");
			}
			return this.grants.size();
		}

		@Async
		@Locked("#slug")
		CompletableFuture<String> inBackground(String slug, CountDownLatch goOn) throws InterruptedException {
			goOn.await();
			return CompletableFuture.completedFuture(slug);
		}

		@Locked("#slug")
		@PreAuthorize("hasRole('CHIEF')")
		void secret(String slug) {
		}

		@Locked("#slug")
		@RequiresLock("#slug")
		@PreAuthorize("hasRole('CHIEF')")
		void secretOfTheHolder(String slug) {
		}

		@Async
		@Locked("#slug")
		@Retryable(maxRetries = 5, delay = 1)
		@Cacheable("everything")
		CompletableFuture<String> everything(String slug) {
			retried(slug);
			return CompletableFuture.completedFuture(slug);
		}

	}

}
