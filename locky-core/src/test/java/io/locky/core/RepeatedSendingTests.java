package io.locky.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Two instances of one Redis. The wire of the first one loses answers and delays
 * requests.
 */
@Timeout(120)
class RepeatedSendingTests {

	private EmbeddedRedis redis;

	private RedisProxy proxy;

	private LettuceConnectionFactory wire;

	private LettuceConnectionFactory direct;

	private LockyFixture first;

	private LockyOperations locks;

	private LockyTemplate others;

	@BeforeEach
	void start() throws Exception {
		this.redis = EmbeddedRedis.start();
		this.proxy = new RedisProxy(this.redis.port());
		this.wire = TestRedis.connect("127.0.0.1", this.proxy.port(), Duration.ofSeconds(30));
		this.direct = TestRedis.connect("127.0.0.1", this.redis.port(), Duration.ofSeconds(5));
		this.first = new LockyFixture(this.wire, this.direct);
		this.locks = operations(this.wire, this.first.template(Duration.ofMinutes(1)));
		this.others = LockyTemplates.over(new LockyRuntime(this.direct, this.first.keys(),
				this.first.settings().ttl(Duration.ofMinutes(1)).build(), (event) -> {
				}));
		this.locks.lock("warm", "up");
		this.locks.unlock("warm");
		this.first.events().clear();
	}

	/** What is tested, over a template. */
	LockyOperations operations(RedisConnectionFactory connections, LockyTemplate template) {
		return template;
	}

	@AfterEach
	void stop() throws Exception {
		this.others.close();
		this.first.close();
		this.wire.destroy();
		this.direct.destroy();
		this.proxy.close();
		this.redis.close();
	}

	static Stream<Operation> releases() {
		return Stream.of(new Operation("by anyone", (locks) -> locks.unlock("x")),
				new Operation("by locker", (locks) -> locks.unlock("x", "ann")),
				new Operation("by fence", (locks) -> locks.unlock("x", "ann", locks.find("x").orElseThrow().fence())));
	}

	@ParameterizedTest
	@MethodSource("releases")
	void releaseWithALostAnswerLeavesTheNextGrant(Operation release) {
		for (int i = 0; i < 20; i++) {
			this.locks.lock("x", "ann");
			this.first.events().clear();
			this.proxy.cutAnswer(release(), () -> assertThat(this.others.lock("x", "ann")).isTrue());
			assertThat(release.run(this.locks)).as("run %d", i).isTrue();
			assertThat(this.others.getLocker("x")).as("run %d", i).isEqualTo("ann");
			assertThat(this.first.events(LockReleasedEvent.class)).as("run %d", i)
				.singleElement()
				.returns(false, LockyEvent::isRemote);
			this.others.unlock("x");
		}
	}

	@ParameterizedTest
	@MethodSource("releases")
	void delayedReleaseNeverRuns(Operation release) throws Exception {
		this.locks.lock("x", "ann");
		CompletableFuture<Runnable> held = this.proxy.holdRequest(release());
		CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> release.run(this.locks));
		Runnable delivery = held.get(30, TimeUnit.SECONDS);
		if (release.name().equals("by fence")) {
			assertThat(answer.get(30, TimeUnit.SECONDS)).isTrue();
		}
		else {
			assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
				.hasCauseInstanceOf(TransientDataAccessResourceException.class)
				.hasMessageContaining("nothing was released");
			assertThat(this.locks.unlock("x", "ann")).isTrue();
		}
		assertThat(this.others.lock("x", "ann")).isTrue();
		delivery.run();
		assertThat(this.others.getLocker("x")).isEqualTo("ann");
		assertThat(this.first.events(LockReleasedEvent.class)).hasSize(1);
	}

	@Test
	void unknownReleaseIsPublishedOnceItsAnswerIsFound() throws Exception {
		LettuceConnectionFactory impatient = TestRedis.connect("127.0.0.1", this.proxy.port(), Duration.ofMillis(300));
		try (LockyFixture fixture = new LockyFixture(impatient, this.direct)) {
			LockyOperations unlucky = operations(impatient, fixture.template(Duration.ofMinutes(1)));
			unlucky.lock("x", "ann");
			unlucky.unlock("x", "ann");
			unlucky.lock("x", "ann");
			fixture.events().clear();
			this.proxy.cutAnswer(":lock:x", () -> this.proxy.pause(true));
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> unlucky.unlock("x", "ann"))
				.withMessageContaining("unknown");
			assertThat(fixture.events()).isEmpty();
			this.proxy.pause(false);
			await().until(() -> fixture.events(LockReleasedEvent.class).size() == 1);
		}
		finally {
			impatient.destroy();
		}
	}

	@Test
	void refreshOfAnUnknownGrantIsNotRepeated() {
		LockHandle handle = handle("x");
		this.proxy.cutAnswer(":lock:x", () -> {
		});
		assertThat(handle.refresh()).isTrue();
		this.proxy.cutAnswer(":lock:x", () -> {
		});
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.locks.refresh("x", "ann"))
			.withMessageContaining("unknown");
	}

	@ParameterizedTest
	@ValueSource(strings = { "deny", "force", "reentrant" })
	void delayedAcquireIsNotGrantedAgain(String kind) throws Exception {
		LockRequest request = LockRequest.of("x").by("ann");
		LockRequest sent = switch (kind) {
			case "force" -> request.force();
			case "reentrant" -> request.reentrant();
			default -> request;
		};
		this.locks.lock(sent);
		this.locks.unlock("x", "ann");
		CompletableFuture<Runnable> held = this.proxy.holdRequest(":lock:x");
		CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> this.locks.lock(sent));
		Runnable delivery = held.get(30, TimeUnit.SECONDS);
		assertThat(answer.get(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.locks.unlock("x", "ann")).isTrue();
		delivery.run();
		assertThat(this.others.getLocker("x")).isNull();
	}

	@Test
	void attemptWhoseAnswersAreAllLostIsUndone() {
		LettuceConnectionFactory impatient = TestRedis.connect("127.0.0.1", this.proxy.port(), Duration.ofMillis(300));
		try (LockyFixture fixture = new LockyFixture(impatient, this.direct)) {
			LockyOperations unlucky = operations(impatient, fixture.template(null));
			unlucky.lock("x", "ann");
			unlucky.unlock("x", "ann");
			fixture.events().clear();
			this.proxy.cutAnswer(":lock:x", () -> this.proxy.pause(true));
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> unlucky.lock("x", "ann"));
			this.proxy.pause(false);
			await().until(() -> fixture.events(LockReleasedEvent.class).size() == 1);
			assertThat(fixture.events(LockAcquiredEvent.class)).hasSize(1);
			assertThat(unlucky.getLocker("x")).isNull();
		}
		finally {
			impatient.destroy();
		}
	}

	private LockHandle handle(String resource) {
		return ((LockAttempt.Acquired) this.locks.tryLock(LockRequest.of(resource).by("ann"))).handle();
	}

	/**
	 * A key that a release contains, and that a request which reads the lock does not.
	 */
	private static String release() {
		return ":operation:";
	}

	private record Operation(String name, Predicate<LockyOperations> work) {

		boolean run(LockyOperations locks) {
			return this.work.test(locks);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
