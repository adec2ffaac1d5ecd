package io.locky.advice;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockyOperations;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockySecurityAutoConfiguration;
import io.locky.event.LockAcquiredEvent;
import jakarta.jms.ConnectionFactory;
import org.apache.kafka.common.serialization.StringDeserializer;

import org.springframework.amqp.rabbit.annotation.EnableRabbit;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.jms.annotation.EnableJms;
import org.springframework.jms.config.DefaultJmsListenerContainerFactory;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * An application with listeners of every kind and with method security, all switched on
 * by the application itself. Needs no broker.
 */
@Configuration(proxyBeanMethods = false)
@EnableKafka
@EnableRabbit
@EnableJms
@EnableScheduling
@EnableIntegration
@EnableTransactionManagement
@EnableMethodSecurity(securedEnabled = true, jsr250Enabled = true)
@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
		LockySecurityAutoConfiguration.class })
public class AdviceApplication {

	/** Starts a line of the output that has a result. */
	static final String RESULT = "result: ";

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = start(args)) {
			System.out.println("Processed ahead of time: " + AotDetector.useGeneratedArtifacts());
			new AdviceResults(context).all()
				.forEach((kind, result) -> System.out.println(RESULT + kind + "=" + result));
		}
	}

	static ConfigurableApplicationContext start(String... args) {
		SpringApplication application = new SpringApplication(AdviceApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(args);
	}

	@Bean
	public Listeners listeners(Trace trace) {
		return new Listeners(trace);
	}

	@Bean
	public Trace trace(ObjectProvider<LockyOperations> locks) {
		return new Trace(locks);
	}

	@Bean
	public SecuredDesk securedDesk() {
		return new SecuredDesk();
	}

	@Bean
	public Acquired acquired() {
		return new Acquired();
	}

	/** That of Spring Integration cannot be processed ahead of time. */
	@Bean
	public ThreadPoolTaskScheduler taskScheduler() {
		return new ThreadPoolTaskScheduler();
	}

	@Bean
	public DirectChannel orders() {
		return new DirectChannel();
	}

	@Bean
	public ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
		var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
		factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(Map.of("bootstrap.servers", "localhost:1",
				"key.deserializer", StringDeserializer.class, "value.deserializer", StringDeserializer.class)));
		return factory;
	}

	@Bean
	public SimpleRabbitListenerContainerFactory rabbitListenerContainerFactory() {
		SimpleRabbitListenerContainerFactory factory = new SimpleRabbitListenerContainerFactory();
		factory.setConnectionFactory(new CachingConnectionFactory("localhost", 1));
		return factory;
	}

	@Bean
	public DefaultJmsListenerContainerFactory jmsListenerContainerFactory() {
		DefaultJmsListenerContainerFactory factory = new DefaultJmsListenerContainerFactory();
		factory.setConnectionFactory(AdviceResults.stub(ConnectionFactory.class));
		factory.setAutoStartup(false);
		return factory;
	}

	/**
	 * Counts the locks that were acquired.
	 */
	public static class Acquired {

		private final AtomicInteger count = new AtomicInteger();

		int count() {
			return this.count.get();
		}

		@EventListener
		public void on(LockAcquiredEvent event) {
			this.count.incrementAndGet();
		}

	}

}
