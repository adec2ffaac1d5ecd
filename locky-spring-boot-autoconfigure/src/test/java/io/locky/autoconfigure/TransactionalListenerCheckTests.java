package io.locky.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.UUID;

import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class TransactionalListenerCheckTests {

	private static final String WARNING = "These listeners are never called";

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.startup-check.enabled=false", "locky.prefix=test-" + UUID.randomUUID() + ":");

	private final ApplicationContextRunner contextRunner = this.bare.withUserConfiguration(Transactions.class);

	@Test
	void listenersWithoutATransactionAreNamedInOneWarning(CapturedOutput output) {
		this.contextRunner.withBean(Lost.class)
			.withPropertyValues("locky.events.broadcast=true")
			.run((context) -> assertThat(output).contains(WARNING));
		String warning = output.toString().substring(output.toString().indexOf(WARNING));
		assertThat(warning).contains("Lost.expired (LockExpiredEvent)")
			.contains("Lost.any (LockExpiredEvent, LockLostEvent)")
			.contains("Lost.application (LockExpiredEvent, LockLostEvent, LockEventsMissedEvent)")
			.contains("Lost.classes (LockExpiredEvent, LockEventsMissedEvent)")
			.contains("Lost.module (LockExpiredEvent)")
			.contains("Lost.composed (LockLostEvent)")
			.contains("'fallbackExecution = true'")
			.contains("'locky.expiration.transactional=true'")
			.doesNotContain("\tat ");
		assertThat(output.toString().split(WARNING, -1)).hasSize(2);
	}

	@Test
	void otherListenersAreNotNamed(CapturedOutput output) {
		this.contextRunner.withBean(Fine.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void expiriesInTransactionsNeedNoWarning(CapturedOutput output) {
		this.contextRunner.withBean(Lost.class)
			.withPropertyValues("locky.expiration.transactional=true")
			.run((context) -> assertThat(output).contains(WARNING)
				.contains("Lost.any (LockLostEvent)", "Lost.application (LockLostEvent)")
				.doesNotContain("LockExpiredEvent"));
	}

	@Test
	void withoutTransactionManagementTheyAreSimpleListeners(CapturedOutput output) {
		this.bare.withBean(Lost.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void transactionalExpiriesNeedATransactionManager() {
		this.bare.withPropertyValues("locky.expiration.transactional=true")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageStartingWith("'locky.expiration.transactional' needs a PlatformTransactionManager"));
	}

	@Test
	void oneOfSeveralTransactionManagersMustBePrimary() {
		this.contextRunner.withPropertyValues("locky.expiration.transactional=true")
			.withBean("other", PlatformTransactionManager.class, NoTransactions::new)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("@Primary"));
		this.contextRunner.withPropertyValues("locky.expiration.transactional=true")
			.withUserConfiguration(PrimaryTransactions.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	static class Lost {

		@TransactionalEventListener
		void expired(LockExpiredEvent event) {
		}

		@TransactionalEventListener
		void any(LockyEvent event) {
		}

		@TransactionalEventListener
		void application(ApplicationEvent event) {
		}

		@TransactionalEventListener({ LockExpiredEvent.class, LockEventsMissedEvent.class, LockAcquiredEvent.class })
		void classes() {
		}

		@ApplicationModuleListener
		void module(LockExpiredEvent event) {
		}

		@AfterCommit
		void composed(LockLostEvent event) {
		}

	}

	static class Fine {

		@TransactionalEventListener
		void acquired(LockAcquiredEvent event) {
		}

		@TransactionalEventListener
		void released(LockReleasedEvent event) {
		}

		@TransactionalEventListener(fallbackExecution = true)
		void orAtOnce(LockyEvent event) {
		}

		@TransactionalEventListener
		void anything(Object event) {
		}

		@TransactionalEventListener
		void other(ContextRefreshedEvent event) {
		}

		@TransactionalEventListener
		void ofTheApplication(String event) {
		}

		@EventListener
		void simple(LockExpiredEvent event) {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@TransactionalEventListener
	@interface AfterCommit {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Transactions {

		@Bean
		PlatformTransactionManager transactionManager() {
			return new NoTransactions();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryTransactions {

		@Bean
		@Primary
		PlatformTransactionManager primaryTransactionManager() {
			return new NoTransactions();
		}

	}

	/** Begins and ends transactions of nothing. */
	static class NoTransactions extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
