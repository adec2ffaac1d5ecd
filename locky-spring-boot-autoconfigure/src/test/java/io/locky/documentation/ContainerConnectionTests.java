package io.locky.documentation;

import java.time.Duration;

import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.test.RecordedLockEvents;
import io.locky.test.redis.EmbeddedRedis;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.testcontainers.containers.GenericContainer;

import static io.locky.test.LockyAssertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A container is where Locky finds Redis, as in {@link ArticleContainerTests}. Its server
 * is an embedded one, so that this runs without Docker, too.
 */
@DirtiesContext
@SpringBootTest(properties = "spring.data.redis.url=redis://127.0.0.1:1")
class ContainerConnectionTests {

	@ServiceConnection(name = "redis")
	static GenericContainer<?> redis = new EmbeddedContainer().withExposedPorts(6379);

	@Autowired
	LockyOperations locks;

	@Autowired
	RecordedLockEvents events;

	@Test
	void lockyUsesTheServerOfTheContainer() {
		this.locks.lock(LockRequest.of("container:12").by("ann").ttl(Duration.ofMillis(100)));
		await().untilAsserted(() -> assertThat(this.events).hasExpired("container:12", "ann"));
	}

	private static final class EmbeddedContainer extends GenericContainer<EmbeddedContainer> {

		private final EmbeddedRedis server = EmbeddedRedis.shared();

		private EmbeddedContainer() {
			super("redis:8");
		}

		@Override
		public void start() {
			// It runs already.
		}

		@Override
		public String getDockerImageName() {
			return "redis:8";
		}

		@Override
		public boolean isRunning() {
			return true;
		}

		@Override
		public String getHost() {
			return "127.0.0.1";
		}

		@Override
		public Integer getMappedPort(int port) {
			return Integer.valueOf(this.server.url().replaceAll(".*:", ""));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Articles.class, RecordedLockEvents.class })
	static class Application {

	}

}
