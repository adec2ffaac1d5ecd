package io.locky.application;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What keeps a worker alive whose main method has returned. Locky does not.
 */
class KeepAliveTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { Applications.LETTUCE, Applications.JEDIS })
	void workerEndsAfterItsMainMethod(String driver) throws Exception {
		try (ApplicationProcess worker = start(driver)) {
			worker.awaitLine(WorkerProcess.STARTED);
			assertThat(worker.awaitEnd()).isZero();
		}
	}

	@Test
	void workerThatIsKeptAlivePublishesExpiries() throws Exception {
		String prefix = "test-" + UUID.randomUUID();
		try (ApplicationProcess worker = start("spring.main.keep-alive=true", "locky.prefix=" + prefix);
				LockyTemplate locks = new LockyTemplate(new StringRedisTemplate(TestRedis.connectionFactory()),
						LockySettings.builder().prefix(prefix).expiration(false).build(), (event) -> {
						})) {
			worker.awaitLine(WorkerProcess.STARTED);
			locks.lock(LockRequest.of("article:1").by("ann").ttl(Duration.ofMillis(300)));
			worker.awaitLine("expired article:1");
		}
	}

	private ApplicationProcess start(String... properties) throws IOException {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 0, properties.length);
		all[properties.length] = "spring.data.redis.url=" + TestRedis.url();
		return ApplicationProcess.start(WorkerProcess.class, this.directory, all);
	}

}
