package io.locky.advice;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.UUID;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.autoconfigure.LockyAutoConfiguration;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.validation.annotation.Validated;

/**
 * An application with the same locked methods behind proxies of every kind, with real
 * transactions and with reactive method security.
 */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
@EnableReactiveMethodSecurity
@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
		ValidationAutoConfiguration.class })
public class HeldApplication {

	/** Starts a line of the output that has a result. */
	static final String RESULT = "result: ";

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = start(args)) {
			System.out.println("Processed ahead of time: " + AotDetector.useGeneratedArtifacts());
			new HeldResults(context).rows().forEach((row) -> System.out.println(RESULT + row));
			new CallerResults(context).rows().forEach((row) -> System.out.println(RESULT + row));
		}
	}

	static ConfigurableApplicationContext start(String... args) {
		SpringApplication application = new SpringApplication(HeldApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(args);
	}

	@Bean
	public Trace trace(ObjectProvider<LockyOperations> locks) {
		return new Trace(locks);
	}

	@Bean
	public Works ofClass(Trace trace, ApplicationEventPublisher events) {
		return new Works(trace, events);
	}

	/** As of a library that implements interfaces. */
	@Bean
	public Working ofInterface(Trace trace, ApplicationEventPublisher events) {
		Works works = new Works(trace, events);
		return (Working) Proxy.newProxyInstance(Working.class.getClassLoader(), new Class<?>[] { Working.class },
				(proxy, method, arguments) -> {
					try {
						return method.invoke(works, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	@Bean
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	public Works scoped(Trace trace, ApplicationEventPublisher events) {
		return new Works(trace, events);
	}

	@Bean
	@Scope("prototype")
	public Works prototype(Trace trace, ApplicationEventPublisher events) {
		return new Works(trace, events);
	}

	@Bean
	public WorksFactory made(Trace trace, ApplicationEventPublisher events) {
		return new WorksFactory(trace, events);
	}

	@Bean
	public ValidatedWorks validated(Trace trace, ApplicationEventPublisher events) {
		return new ValidatedWorks(trace, events);
	}

	@Bean
	public TransactionalWorks transactional(Trace trace, ApplicationEventPublisher events) {
		return new TransactionalWorks(trace, events);
	}

	@Bean
	public Commits commits(Trace trace) {
		return new Commits(trace);
	}

	@Bean
	public CallerDesk callerDesk() {
		return new CallerDesk();
	}

	@Bean
	public SuspendingDesk suspendingDesk() {
		return new SuspendingDesk();
	}

	@Bean
	public SuspendingAsAWhole suspendingAsAWhole() {
		return new SuspendingAsAWhole();
	}

	@Bean
	public Lockers lockers() {
		return new Lockers();
	}

	@Bean
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	public CallerDesk.Scoped scopedDesk() {
		return new CallerDesk.Scoped();
	}

	@Bean
	public CallerDesk.AsAWhole deskAsAWhole() {
		return new CallerDesk.AsAWhole();
	}

	@Bean
	public TracedTransactions transactionManager(Trace trace) {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		return new TracedTransactions(dataSource, trace);
	}

	/** Makes a bean. */
	public static class WorksFactory implements FactoryBean<Works> {

		private final Trace trace;

		private final ApplicationEventPublisher events;

		public WorksFactory(Trace trace, ApplicationEventPublisher events) {
			this.trace = trace;
			this.events = events;
		}

		@Override
		public Works getObject() {
			return new Works(this.trace, this.events);
		}

		@Override
		public Class<?> getObjectType() {
			return Works.class;
		}

	}

	/** Has the advice of the validation. */
	@Validated
	public static class ValidatedWorks extends Works {

		public ValidatedWorks(Trace trace, ApplicationEventPublisher events) {
			super(trace, events);
		}

	}

	/** Returns the name that a test sets. */
	public static class Lockers implements LockerResolver {

		volatile @Nullable String current;

		@Override
		public @Nullable Object resolveLocker() {
			return this.current;
		}

	}

	/** Listens to commits. */
	public record Commits(Trace trace) {

		@TransactionalEventListener
		public void on(Works.Worked event) {
			this.trace.at(Works.RESOURCE, "`AFTER_COMMIT` listeners");
		}

	}

	/** Records when transactions begin and end. */
	@SuppressWarnings("serial") // Never written.
	public static class TracedTransactions extends DataSourceTransactionManager {

		private final transient Trace trace;

		public TracedTransactions(JdbcDataSource dataSource, Trace trace) {
			super(dataSource);
			this.trace = trace;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.trace.at(Works.RESOURCE, "begin");
			super.doBegin(transaction, definition);
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			super.doCommit(status);
			this.trace.at(Works.RESOURCE, "commit");
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			super.doRollback(status);
			this.trace.at(Works.RESOURCE, "rollback");
		}

	}

}
