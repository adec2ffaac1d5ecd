package io.locky.documentation;

import java.time.Duration;

import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.test.RecordedLockEvents;
import io.locky.test.redis.WithEmbeddedRedis;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;

import static io.locky.test.LockyAssertions.assertThat;
import static org.awaitility.Awaitility.await;

@DirtiesContext
@SpringBootTest
@WithEmbeddedRedis
class ArticleRedisTests {

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
