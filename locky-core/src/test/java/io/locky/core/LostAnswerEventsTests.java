package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.locky.LockAttempt;
import io.locky.LockNotReplicatedException;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.LockySettings;
import io.locky.LockyStatus;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
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

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Two instances that share an event log. The wire of the first one loses answers.
 */
@Timeout(120)
class LostAnswerEventsTests {

	private final List<LockyEvent> here = new CopyOnWriteArrayList<>();

	private final List<LockyEvent> there = new CopyOnWriteArrayList<>();

	private EmbeddedRedis redis;

	private RedisProxy proxy;

	private LettuceConnectionFactory wire;

	private LettuceConnectionFactory direct;

	private LockyFixture fixture;

	private LockyRuntime first;

	private LockyRuntime second;

	private LockyOperations locks;

	@BeforeEach
	void start() throws Exception {
		this.redis = EmbeddedRedis.start();
		this.proxy = new RedisProxy(this.redis.port());
		this.wire = TestRedis.connect("127.0.0.1", this.proxy.port(), Duration.ofMillis(800));
		this.direct = TestRedis.connect("127.0.0.1", this.redis.port(), Duration.ofSeconds(5));
		this.fixture = new LockyFixture(this.direct);
		this.first = instance(this.wire, "first", false, this.here);
		this.second = instance(this.direct, "second", true, this.there);
		this.locks = operations(this.wire, LockyTemplates.over(this.first));
		await().until(() -> isFollowing(this.first) && isFollowing(this.second));
		loadScripts();
	}

	private static boolean isFollowing(LockyRuntime instance) {
		LockyStatus.Work follower = instance.status().follower();
		return follower != null && follower.lastSuccess() != null;
	}

	/** What is tested, over a template. */
	LockyOperations operations(RedisConnectionFactory connections, LockyTemplate template) {
		return template;
	}

	/** Otherwise the first answer to a script would be that Redis does not have it. */
	private void loadScripts() {
		this.locks.lock("warm", "up");
		this.locks.unlock("warm");
		this.locks.lock(LockRequest.of("warm").by("up").force());
		this.locks.lock(LockRequest.of("warm").by("down").force());
		this.locks.unlockAll("down");
		await().untilAsserted(() -> assertThat(this.there).hasSize(5));
		this.here.clear();
		this.there.clear();
	}

	@AfterEach
	void stop() throws Exception {
		this.first.close();
		this.second.close();
		this.fixture.close();
		this.wire.destroy();
		this.direct.destroy();
		this.proxy.close();
		this.redis.close();
	}

	private LockyRuntime instance(LettuceConnectionFactory connections, String name, boolean expiration,
			List<LockyEvent> events) {
		LockySettings settings = this.fixture.settings()
			.broadcast(true)
			.instance(name)
			.expiration(expiration)
			.ttl(Duration.ofMinutes(1))
			.build();
		LockyRuntime runtime = new LockyRuntime(connections, LockyRuntime.keys(connections, settings), settings,
				(event) -> events.add((LockyEvent) event));
		runtime.start();
		return runtime;
	}

	static Stream<Operation> operations() {
		return Stream.of(new Operation("lock", (locks) -> locks.lock("x", "ann"), 1),
				new Operation("force", (locks) -> locks.lock(LockRequest.of("x").by("bob").force()), 1),
				new Operation("lockAll", (locks) -> locks.lockAll(List.of("x", "y"), "ann"), 2),
				new Operation("unlock", (locks) -> locks.unlock("held"), 1),
				new Operation("unlock by locker", (locks) -> locks.unlock("held", "ann"), 1),
				new Operation("unlockAll", (locks) -> locks.unlockAll("ann"), 1));
	}

	@ParameterizedTest
	@MethodSource("operations")
	void lostAnswerIsPublishedOnceOnEachInstance(Operation operation) {
		this.locks.lock("held", "ann");
		await().until(() -> this.there.size() == 1);
		this.here.clear();
		this.there.clear();
		this.proxy.cutAnswer(":operation:", () -> await().until(() -> this.there.size() == operation.events()));
		operation.work().accept(this.locks);
		expectOnce(operation.events());
	}

	@Test
	void unknownResultIsPublishedOnceOnEachInstance() {
		this.proxy.cutAnswer(":operation:", () -> this.proxy.pause(true));
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.locks.lock("x", "ann"));
		assertThat(this.here).isEmpty();
		this.proxy.pause(false);
		expectOnce(2);
		this.locks.lock("x", "ann");
		expectOnce(3);
		this.proxy.cutAnswer(":operation:", () -> this.proxy.pause(true));
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.locks.unlock("x"))
			.withMessageContaining("unknown");
		this.proxy.pause(false);
		expectOnce(4);
	}

	@Test
	void grantThatEndedBeforeItsRepetitionIsPublishedToo() {
		this.proxy.cutAnswer(":operation:",
				() -> await().until(() -> this.there.stream().anyMatch((event) -> event instanceof LockExpiredEvent)));
		LockAttempt attempt = this.locks.tryLock(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(200)));
		assertThat(attempt).isInstanceOf(LockAttempt.Acquired.class);
		await().until(() -> grants(this.here) == 2 && grants(this.there) == 2);
		assertThat(this.here.stream().filter((event) -> event instanceof LockAcquiredEvent))
			.noneMatch(LockyEvent::isRemote)
			.extracting(LockyEvent::getFence)
			.doesNotHaveDuplicates();
	}

	@Test
	void grantWithoutReplicasIsPublishedFromTheLog() {
		LockySettings settings = this.fixture.settings()
			.broadcast(true)
			.instance("third")
			.ttl(Duration.ofMinutes(1))
			.minReplicasAck(1, Duration.ofMillis(50))
			.build();
		List<LockyEvent> own = new CopyOnWriteArrayList<>();
		try (LockyRuntime third = new LockyRuntime(this.direct, LockyRuntime.keys(this.direct, settings), settings,
				(event) -> own.add((LockyEvent) event))) {
			third.start();
			assertThatExceptionOfType(LockNotReplicatedException.class)
				.isThrownBy(() -> operations(this.direct, LockyTemplates.over(third)).lock("x", "ann"));
			await().until(() -> own.size() == 2 && this.here.size() == 2 && this.there.size() == 2);
			assertThat(own).noneMatch(LockyEvent::isRemote);
			assertThat(this.here).allMatch(LockyEvent::isRemote);
		}
	}

	private static long grants(List<LockyEvent> events) {
		return events.stream().filter((event) -> event instanceof LockAcquiredEvent).count();
	}

	/** A further event in the end shows that no other is still to come. */
	private void expectOnce(int events) {
		await().until(() -> this.here.size() >= events && this.there.size() >= events);
		LockyTemplate last = LockyTemplates.over(this.second);
		last.lock("last", "bob");
		last.unlock("last");
		await().until(() -> this.here.removeIf(LostAnswerEventsTests::isEnd));
		await().until(() -> this.there.removeIf(LostAnswerEventsTests::isEnd));
		this.here.removeIf((event) -> event.getResource().equals("last"));
		this.there.removeIf((event) -> event.getResource().equals("last"));
		assertThat(this.here).hasSize(events).noneMatch(LockyEvent::isRemote);
		assertThat(this.there).hasSize(events).allMatch(LockyEvent::isRemote);
	}

	private static boolean isEnd(LockyEvent event) {
		return event.getResource().equals("last") && !(event instanceof LockAcquiredEvent);
	}

	private record Operation(String name, Consumer<LockyOperations> work, int events) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
