package io.locky.autoconfigure;

import io.locky.InvalidSettingException;
import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.metrics.LockyMetrics;
import io.locky.observation.LockyObservations;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Auto-configuration for locks in the application's Redis. The auto-configurations of
 * Redis are named by text, because Spring Boot 3 and 4 have them in different packages.
 *
 * @since 0.9.0
 */
@AutoConfiguration(afterName = { "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
		"org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration" })
@ConditionalOnClass(StringRedisTemplate.class)
@ConditionalOnBooleanProperty(name = "locky.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LockyProperties.class)
@Import(LockyAnnotationConfiguration.class)
public final class LockyAutoConfiguration {

	@Bean
	static DurationUnitCheck lockyDurationUnitCheck(Environment environment) {
		return new DurationUnitCheck(environment);
	}

	/** The locks of a test may be in memory. */
	@Bean
	@ConditionalOnBean(RedisConnectionFactory.class)
	@ConditionalOnMissingBean(value = LockyTemplate.class, type = "io.locky.test.InMemoryLocks")
	LockyConnections lockyConnections(@LockyRedis ObjectProvider<RedisConnectionFactory> forLocks,
			ObjectProvider<RedisConnectionFactory> any) {
		try {
			return new LockyConnections(forLocks.getIfAvailable(any::getObject));
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new AmbiguousConnectionFactoryException(ex);
		}
	}

	/**
	 * The Redis template is not that of the application, which may take part in
	 * transactions: there a lock would only be acquired at the commit.
	 */
	@Bean
	@ConditionalOnBean(LockyConnections.class)
	LockyTemplate lockyTemplate(LockyConnections connections, LockyProperties properties,
			ObjectProvider<PlatformTransactionManager> transactions, ApplicationEventPublisher publisher,
			LockyInstruments instruments, ConfigurableBeanFactory beans) {
		StringRedisTemplate redis = new StringRedisTemplate(connections.factory());
		TransactionOperations transaction = properties.expiration().transactional() ? transaction(transactions) : null;
		try {
			LockySettings settings = properties.toSettings(transaction);
			return ApplicationClasses.use(beans, () -> new LockyTemplate(redis, settings, publisher,
					instruments.metrics(), instruments.observations()));
		}
		catch (InvalidSettingException ex) {
			throw new InvalidSettingException(LockyProperties.propertyOf(ex.getSetting()), ex.getProblem());
		}
	}

	@Bean
	LockyInstruments lockyInstruments(ObjectProvider<LockyMetrics> metrics,
			ObjectProvider<LockyObservations> observations) {
		return new LockyInstruments(metrics.getIfAvailable(() -> LockyMetrics.NONE),
				observations.getIfAvailable(() -> LockyObservations.NONE));
	}

	private static TransactionOperations transaction(ObjectProvider<PlatformTransactionManager> managers) {
		PlatformTransactionManager manager = managers.getIfUnique();
		if (manager == null) {
			throw new InvalidSettingException("locky.expiration.transactional",
					"needs a PlatformTransactionManager, but there is no such bean, or several of which none is primary: "
							+ "define one, mark one with @Primary, or set it to false");
		}
		TransactionTemplate transaction = new TransactionTemplate(manager);
		transaction.setName("locky-expired");
		return transaction;
	}

	@Bean
	static TransactionalListenerCheck lockyTransactionalListenerCheck() {
		return new TransactionalListenerCheck();
	}

	/**
	 * The connections of the template. Blocking and reactive operations have them from
	 * here, so that they always use the same Redis.
	 *
	 * @param factory the factory of the connections
	 */
	record LockyConnections(RedisConnectionFactory factory) {

	}

	/**
	 * What measures and observes the template, if anything does.
	 *
	 * @param metrics receives what is measured
	 * @param observations observes waits
	 */
	record LockyInstruments(LockyMetrics metrics, LockyObservations observations) {

	}

}
