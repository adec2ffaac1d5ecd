package io.locky.application;

import io.locky.autoconfigure.LockyRedis;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Workers of several kinds.
 */
class WorkerTests {

	@Nested
	@Row(application = "Worker", driver = "Lettuce")
	class WithLettuce extends WorkerContract {

		WithLettuce() {
			super(Worker.class, Applications.LETTUCE);
		}

	}

	@Nested
	@Row(application = "Worker", driver = "Jedis")
	class WithJedis extends WorkerContract {

		WithJedis() {
			super(Worker.class, Applications.JEDIS);
		}

	}

	@Nested
	@Row(application = "Worker with broadcast", driver = "Lettuce")
	class BroadcastWithLettuce extends WorkerContract {

		BroadcastWithLettuce() {
			super(Worker.class, Applications.LETTUCE, "locky.events.broadcast=true");
		}

	}

	@Nested
	@Row(application = "Worker with broadcast", driver = "Jedis")
	class BroadcastWithJedis extends WorkerContract {

		BroadcastWithJedis() {
			super(Worker.class, Applications.JEDIS, "locky.events.broadcast=true");
		}

	}

	/** Without effect on an older JDK. */
	@Nested
	@EnabledForJreRange(min = JRE.JAVA_21)
	@Row(application = "Worker with virtual threads", driver = "Lettuce")
	class VirtualThreadsWithLettuce extends WorkerContract {

		VirtualThreadsWithLettuce() {
			super(Worker.class, Applications.LETTUCE, "spring.threads.virtual.enabled=true");
		}

	}

	@Nested
	@EnabledForJreRange(min = JRE.JAVA_21)
	@Row(application = "Worker with virtual threads", driver = "Jedis")
	class VirtualThreadsWithJedis extends WorkerContract {

		VirtualThreadsWithJedis() {
			super(Worker.class, Applications.JEDIS, "spring.threads.virtual.enabled=true");
		}

	}

	@Nested
	@Row(application = "Worker with lazy initialization", driver = "Lettuce")
	class LazyWithLettuce extends WorkerContract {

		LazyWithLettuce() {
			super(Worker.class, Applications.LETTUCE, "spring.main.lazy-initialization=true");
		}

	}

	@Nested
	@Row(application = "Worker with lazy initialization", driver = "Jedis")
	class LazyWithJedis extends WorkerContract {

		LazyWithJedis() {
			super(Worker.class, Applications.JEDIS, "spring.main.lazy-initialization=true");
		}

	}

	@Nested
	@Row(application = "Worker with two connection factories", driver = "Lettuce")
	class TwoFactoriesWithLettuce extends WorkerContract {

		TwoFactoriesWithLettuce() {
			super(TwoLettuceFactories.class);
		}

	}

	@Nested
	@Row(application = "Worker with two connection factories", driver = "Jedis")
	class TwoFactoriesWithJedis extends WorkerContract {

		TwoFactoriesWithJedis() {
			super(TwoJedisFactories.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Worker {

		@Bean
		Desk desk() {
			return new Desk();
		}

	}

	/** The factories of the page on configuration. That of the cache leads nowhere. */
	static class TwoLettuceFactories extends Worker {

		@Bean
		@Primary
		LettuceConnectionFactory cacheRedis() {
			return new LettuceConnectionFactory(new RedisStandaloneConfiguration("localhost", 1));
		}

		@Bean
		@LockyRedis
		LettuceConnectionFactory lockRedis() {
			return new LettuceConnectionFactory(
					new RedisStandaloneConfiguration("localhost", Applications.redisPort()));
		}

	}

	/** The same with the other driver. */
	static class TwoJedisFactories extends Worker {

		@Bean
		@Primary
		JedisConnectionFactory cacheRedis() {
			return new JedisConnectionFactory(new RedisStandaloneConfiguration("localhost", 1));
		}

		@Bean
		@LockyRedis
		JedisConnectionFactory lockRedis() {
			return new JedisConnectionFactory(new RedisStandaloneConfiguration("localhost", Applications.redisPort()));
		}

	}

}
