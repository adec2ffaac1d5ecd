package io.locky.internal.redis;

import ch.qos.logback.classic.Level;
import io.locky.testing.CapturedLog;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.connection.ReactiveRedisConnection;

import static org.assertj.core.api.Assertions.assertThat;

class EventLoopCheckTests {

	private final EventLoopCheck check = new EventLoopCheck();

	@Test
	void threadOfReactorThatMustNotBlockIsWarnedOnce() {
		try (CapturedLog log = new CapturedLog()) {
			checkOn(Schedulers.parallel());
			checkOn(Schedulers.single());
			assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.startsWith("A call of LockyTemplate blocks 'parallel-")
				.contains("Use ReactiveLockyOperations there");
			assertThat(log.stackTraces()).hasSize(1);
		}
	}

	@Test
	void eventLoopOfLettuceIsWarned() {
		try (CapturedLog log = new CapturedLog();
				ReactiveRedisConnection redis = TestRedis.connectionFactory().getReactiveConnection()) {
			redis.ping().doOnNext((pong) -> this.check.check()).block();
			assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.startsWith("A call of LockyTemplate blocks 'lettuce-");
		}
	}

	@Test
	void threadsThatMayBlockAreNotWarned() {
		try (CapturedLog log = new CapturedLog()) {
			this.check.check();
			checkOn(Schedulers.boundedElastic());
			assertThat(log.messages(Level.WARN)).isEmpty();
		}
	}

	private void checkOn(Scheduler scheduler) {
		Mono.fromRunnable(this.check::check).subscribeOn(scheduler).block();
	}

}
