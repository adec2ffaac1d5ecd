package io.locky.event;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.locky.LockRequest;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.testing.TestRedis;
import org.h2.jdbcx.JdbcDataSource;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application with a database, transactions, asynchronous methods and listeners of
 * events, which see its real annotations.
 */
final class ListeningApplication implements AutoCloseable {

	/** A time after which an expiry that is not acknowledged is soon published again. */
	static final String SHORT_ACK_TIMEOUT = "locky.expiration.ack-timeout=1s";

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final String prefix;

	private final String database;

	private final Calls calls = new Calls();

	private ListeningApplication(String prefix, String database, List<String> properties, Class<?>... listeners) {
		this.prefix = prefix;
		this.database = database;
		TestPropertyValues
			.of("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.timeout=5s",
					"spring.data.redis.lettuce.shutdown-timeout=0", "locky.prefix=" + prefix,
					"locky.startup-check.enabled=false")
			.and(properties.toArray(String[]::new))
			.applyTo(this.context);
		this.context.registerBean("database", DataSource.class, () -> dataSource(database));
		this.context.registerBean("calls", Calls.class, () -> this.calls);
		this.context.register(Infrastructure.class, DataRedisAutoConfiguration.class, LockyAutoConfiguration.class);
		this.context.register(listeners);
		this.context.refresh();
		jdbc().execute("create table if not exists mail (resource varchar(100), fence bigint)");
	}

	static ListeningApplication start(List<String> properties, Class<?>... listeners) {
		return new ListeningApplication("test-" + UUID.randomUUID() + ":", UUID.randomUUID().toString(), properties,
				listeners);
	}

	/** The next life of an application, with the same Redis and database. */
	ListeningApplication restart(List<String> properties, Class<?>... listeners) {
		close();
		return new ListeningApplication(this.prefix, this.database, properties, listeners);
	}

	private static DataSource dataSource(String name) {
		JdbcDataSource source = new JdbcDataSource();
		source.setUrl("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
		return source;
	}

	LockyTemplate locks() {
		return this.context.getBean(LockyTemplate.class);
	}

	JdbcTemplate jdbc() {
		return this.context.getBean(JdbcTemplate.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	Calls calls() {
		return this.calls;
	}

	/** Runs an action in a transaction, which is rolled back if it throws. */
	void inTransaction(Runnable action) {
		new TransactionTemplate(this.context.getBean(PlatformTransactionManager.class))
			.executeWithoutResult((status) -> action.run());
	}

	void expire(String resource) {
		locks().lock(LockRequest.of(resource).by("ann").ttl(Duration.ofMillis(10)));
	}

	/**
	 * How many expiries Redis keeps, to be published again if the instance dies.
	 */
	long kept() {
		StringRedisTemplate redis = this.context.getBean(StringRedisTemplate.class);
		// In the order in which an expiry moves, so that it cannot slip through.
		return Objects.requireNonNull(redis.opsForZSet().zCard(this.prefix + "deadlines"))
				+ Objects.requireNonNull(redis.opsForZSet().zCard(this.prefix + "unacked"));
	}

	void awaitAcknowledged() {
		await().dontCatchUncaughtExceptions().until(() -> kept() == 0);
	}

	int mails() {
		return Objects.requireNonNull(jdbc().queryForObject("select count(*) from mail", Integer.class));
	}

	@Override
	public void close() {
		this.calls.resume();
		this.context.close();
	}

	/**
	 * What the listeners do, and what they were called with.
	 */
	static final class Calls {

		private final List<Call> calls = new CopyOnWriteArrayList<>();

		private final CountDownLatch resumed = new CountDownLatch(1);

		private final AtomicInteger failures = new AtomicInteger();

		private volatile Consumer<ApplicationEvent> action = (event) -> {
		};

		void on(ApplicationEvent event, String listener) {
			this.calls.add(new Call(listener, event, Thread.currentThread().getName()));
			this.action.accept(event);
		}

		/** The next call of a listener waits in it. */
		void blockListener() {
			this.action = (event) -> {
				try {
					assertThat(this.resumed.await(30, TimeUnit.SECONDS)).isTrue();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			};
		}

		void resume() {
			this.resumed.countDown();
		}

		/** The first call of a listener does this and fails. */
		void failOnce(Runnable before) {
			this.action = (event) -> {
				before.run();
				if (this.failures.getAndIncrement() == 0) {
					throw new IllegalStateException("A listener that fails on purpose");
				}
			};
		}

		void then(Consumer<ApplicationEvent> next) {
			this.action = next;
		}

		List<Call> all() {
			return List.copyOf(this.calls);
		}

		List<String> listeners() {
			return this.calls.stream().map(Call::listener).toList();
		}

		Call awaitCall() {
			await().dontCatchUncaughtExceptions().until(() -> !this.calls.isEmpty());
			return this.calls.get(0);
		}

		void awaitCalls(int count) {
			await().dontCatchUncaughtExceptions().until(() -> this.calls.size() >= count);
		}

	}

	record Call(String listener, ApplicationEvent event, String thread) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	@EnableAsync
	static class Infrastructure {

		@Bean
		PlatformTransactionManager transactionManager(DataSource database) {
			return new DataSourceTransactionManager(database);
		}

		@Bean
		JdbcTemplate jdbcTemplate(DataSource database) {
			return new JdbcTemplate(database);
		}

		@Bean
		ThreadPoolTaskExecutor taskExecutor() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setThreadNamePrefix("app-");
			return executor;
		}

	}

}
