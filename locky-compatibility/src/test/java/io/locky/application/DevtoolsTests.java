package io.locky.application;

import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

import io.locky.testing.EmbeddedRedis;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that devtools restarts in its class loader.
 */
@Tag("tools")
class DevtoolsTests {

	@Nested
	@Row(application = "Restart by devtools", driver = "Lettuce")
	class WithLettuce extends DevtoolsContract {

		WithLettuce() {
			super(Applications.LETTUCE);
		}

	}

	@Nested
	@Row(application = "Restart by devtools", driver = "Jedis")
	class WithJedis extends DevtoolsContract {

		WithJedis() {
			super(Applications.JEDIS);
		}

	}

	abstract static class DevtoolsContract {

		private final String driver;

		@TempDir
		private Path directory;

		DevtoolsContract(String driver) {
			this.driver = driver;
		}

		@Test
		void nothingIsLeftOfTheContextBefore() throws Exception {
			try (EmbeddedRedis redis = EmbeddedRedis.start();
					ApplicationProcess application = ApplicationProcess.start(RestartingApplication.class,
							this.directory, this.driver, "spring.data.redis.port=" + redis.port(),
							"spring.main.keep-alive=true", "spring.devtools.livereload.enabled=false",
							"locky.prefix=test-" + UUID.randomUUID(), "locky.events.broadcast=true")) {
				application.awaitLine("run 2 threads of the first run: []");
				assertThat(application.lines()).filteredOn((line) -> line.startsWith("run "))
					.containsExactly("run 1 is loaded by RestartClassLoader", "run 1 edited 1",
							"run 1 expired article:2", "run 2 is loaded by RestartClassLoader", "run 2 edited 1",
							"run 2 expired article:2", "run 2 threads of the first run: []");
				assertThat(subscribers(redis)).isEqualTo(1);
			}
		}

		private static long subscribers(EmbeddedRedis redis) {
			LettuceConnectionFactory factory = TestRedis.connect("127.0.0.1", redis.port(), Duration.ofSeconds(5));
			try (RedisConnection connection = factory.getConnection()) {
				return connection.serverCommands()
					.getClientList()
					.stream()
					.filter((client) -> !"0".equals(client.get("sub")) || !"0".equals(client.get("psub")))
					.count();
			}
			finally {
				factory.destroy();
			}
		}

	}

}
