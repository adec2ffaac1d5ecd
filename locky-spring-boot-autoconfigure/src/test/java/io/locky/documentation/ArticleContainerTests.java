package io.locky.documentation;

import java.time.Duration;

import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.test.RecordedLockEvents;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

import static io.locky.test.LockyAssertions.assertThat;
import static org.awaitility.Awaitility.await;

@Tag("docker")
@SpringBootTest
@Testcontainers(disabledWithoutDocker = true)
class ArticleContainerTests {

	@Container
	@ServiceConnection(name = "redis")
	static GenericContainer<?> redis = new GenericContainer<>("redis:8").withExposedPorts(6379);

	@Autowired
	LockyOperations locks;

	@Autowired
	RecordedLockEvents events;

	@Test
	void expiryIsPublished() {
		this.locks.lock(LockRequest.of("article:12").by("ann").ttl(Duration.ofMillis(100)));
		await().untilAsserted(() -> assertThat(this.events).hasExpired("article:12", "ann"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Articles.class, RecordedLockEvents.class })
	static class Application {

	}

}
