package io.locky.documentation;

import java.time.Duration;

import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.test.LockClock;
import io.locky.test.RecordedLockEvents;
import io.locky.test.autoconfigure.AutoConfigureLocky;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static io.locky.test.LockyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SpringBootTest(properties = "locky.ttl=5m")
@AutoConfigureLocky
class DeskMemoryTests {

	@Autowired
	Desk desk;

	@Autowired
	ReactiveLockyOperations locks;

	@Autowired
	LockClock clock;

	@Autowired
	RecordedLockEvents events;

	@Test
	void articleIsPublishedOnceItIsFree() {
		this.locks.lock("article:12", "bob").block();
		assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> this.desk.publish(12, "ann").block());
		this.clock.advance(Duration.ofMinutes(5));
		assertThat(this.events).hasExpired("article:12", "bob");
		assertThat(this.desk.publish(12, "ann").block()).isEqualTo("article:12 published by ann");
		assertThat(this.events).hasReleased("article:12", "ann");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Desk.class)
	static class Application {

	}

}
