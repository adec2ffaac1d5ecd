package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.expiration.ExpiryCommands.ClaimReply;
import io.locky.internal.redis.LockyPartition;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

abstract class ExpiryDispatcherFixture {

	static final Duration ACK_TIMEOUT = Duration.ofMillis(1200);

	final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	final ExpiryCommands commands = new ExpiryCommands(this.fixture.keys(), "worker");

	final LockyPartition partition = this.fixture.keys().partitions().get(0);

	final List<LockExpiredEvent> published = Collections.synchronizedList(new ArrayList<>());

	final AtomicLong nanoTime = new AtomicLong();

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	long unacked() {
		return Objects.requireNonNull(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "unacked"));
	}

	static void awaitQuietly(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Nullable Duration dispatchDue(ExpiryDispatcher dispatcher) {
		Duration next = dispatcher.dispatchDue();
		dispatcher.settle();
		return next;
	}

	ClaimReply claimAndDie() {
		ExpiryCommands victim = new ExpiryCommands(this.fixture.keys(), "victim");
		return this.fixture.scripts().run(victim.claim(this.partition, 100, List.of(), ACK_TIMEOUT, false));
	}

	double retryTimeOf(String resource) {
		return this.fixture.redis()
			.opsForZSet()
			.rangeWithScores(this.fixture.prefix() + "unacked", 0, -1)
			.stream()
			.filter((claim) -> String.valueOf(claim.getValue()).startsWith("[[\"" + resource + "\","))
			.mapToDouble((claim) -> Objects.requireNonNull(claim.getScore()))
			.sum();
	}

	ExpiryDispatcher dispatcher(Consumer<LockExpiredEvent> listener) {
		return dispatcher(publisher(listener, Runnable::run));
	}

	ExpiryDispatcher dispatcher(ExpiryPublisher publisher) {
		return new ExpiryDispatcher(this.fixture.scripts(), this.commands, this.partition, publisher, ACK_TIMEOUT,
				this.nanoTime::get);
	}

	static ExpiryPublisher publisher(Consumer<LockExpiredEvent> listener, Executor threads) {
		LockyEventPublisher events = new LockyEventPublisher((event) -> listener.accept((LockExpiredEvent) event));
		return new ExpiryPublisher(events, threads, () -> {
		});
	}

	void expire(String... resources) {
		LockyTemplate locks = this.fixture.template(null);
		Duration ttl = Duration.ofMillis(5);
		for (String resource : resources) {
			locks.lock(LockRequest.of(resource).by(1).ttl(ttl));
			// Two deadlines in one millisecond would have no order.
			ttl = ttl.plusMillis(1);
		}
		await().until(() -> locks.getLocker(resources[resources.length - 1]) == null);
	}

}
