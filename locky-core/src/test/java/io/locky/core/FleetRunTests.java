package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.locky.core.FleetHistory.Seen;
import io.locky.core.FleetHistory.Type;
import io.locky.core.FleetHistory.Violation;
import io.locky.internal.redis.JsonTexts;
import io.locky.testing.EmbeddedRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Eight instances lock three resources while all of their connections are killed five
 * times a second, and the scripts are flushed each second. Each grant begins once and
 * ends once on each instance, and no two overlap.
 */
@Tag("faults")
@Timeout(300)
class FleetRunTests {

	private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("locky.fleet.seconds", 60));

	private static final int INSTANCES = 8;

	/** Keeps Redis busy, so that it finds several commands when it looks again. */
	private static final String BUSY = """
			local now = redis.call('TIME')
			local start = now[1] * 1000000 + now[2]
			repeat now = redis.call('TIME') until now[1] * 1000000 + now[2] - start > 5000
			return 1""";

	private static final String PREFIX = "fleet:";

	private final Logger log = (Logger) LoggerFactory.getLogger("io.locky");

	private final EmbeddedRedis redis = EmbeddedRedis.start();

	private final RedisClient client = RedisClient.create("redis://127.0.0.1:" + this.redis.port());

	private final StatefulRedisConnection<String, String> connection = this.client.connect();

	private final RedisCommands<String, String> admin = this.connection.sync();

	private final StatefulRedisConnection<String, String> other = this.client.connect();

	private final AtomicLong kills = new AtomicLong();

	private final AtomicLong flushes = new AtomicLong();

	/** Each instance logs each outage. */
	@BeforeEach
	void logLess() {
		this.log.setLevel(Level.ERROR);
	}

	@AfterEach
	void closeAll() {
		this.log.setLevel(null);
		this.connection.close();
		this.other.close();
		this.client.shutdown(Duration.ZERO, Duration.ZERO);
		this.redis.close();
	}

	@Test
	void eachGrantBeginsOnceAndEndsOnceOnEachInstance() throws Exception {
		List<FleetMember> members = IntStream.range(0, INSTANCES)
			.mapToObj((i) -> new FleetMember("i" + i, this.redis.port(), PREFIX))
			.toList();
		try {
			runUnderFaults(members);
			long quiet = System.nanoTime();
			awaitEnd(members);
			FleetHistory history = new FleetHistory(
					members.stream().collect(Collectors.toMap(FleetMember::name, FleetMember::seen)), log(),
					members.stream().flatMap((member) -> member.uses().stream()).toList());
			List<Violation> violations = history.violations();
			report(members, history, violations, Duration.ofNanos(System.nanoTime() - quiet));
			assertThat(history.grants()).isPositive();
			assertThat(FleetHistory.count(violations)).isEmpty();
			assertThat(members).allMatch((member) -> member.missed() == 0);
		}
		finally {
			members.forEach(FleetMember::close);
		}
	}

	private void runUnderFaults(List<FleetMember> members) throws Exception {
		ScheduledExecutorService faults = Executors.newSingleThreadScheduledExecutor();
		List<CompletableFuture<Void>> ends = members.stream().flatMap((member) -> member.run().stream()).toList();
		faults.scheduleAtFixedRate(this::killConnections, 200, 200, TimeUnit.MILLISECONDS);
		faults.scheduleAtFixedRate(this::flushScripts, 1000, 1000, TimeUnit.MILLISECONDS);
		faults.schedule(() -> {
			members.forEach(FleetMember::end);
			faults.shutdown();
		}, LENGTH.toMillis(), TimeUnit.MILLISECONDS);
		for (CompletableFuture<Void> end : ends) {
			end.get();
		}
		assertThat(faults.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
	}

	/**
	 * Redis executes the commands that came while it was busy, then kills, and so loses
	 * their answers.
	 */
	private void killConnections() {
		this.other.async().eval(BUSY, ScriptOutputType.INTEGER);
		LockSupport.parkNanos(Duration.ofMillis(4).toNanos());
		this.kills.addAndGet(this.admin.clientKill(KillArgs.Builder.typePubsub().skipme()));
		this.kills.addAndGet(this.admin.clientKill(KillArgs.Builder.typeNormal().skipme()));
	}

	private void flushScripts() {
		this.admin.scriptFlush();
		this.flushes.incrementAndGet();
	}

	/**
	 * Nothing is held, nothing is to be published, and nothing more has come for long.
	 */
	private void awaitEnd(List<FleetMember> members) {
		await().atMost(Duration.ofSeconds(90))
			.until(() -> this.admin.zcard(PREFIX + "deadlines") + this.admin.zcard(PREFIX + "unacked") == 0);
		AtomicLong count = new AtomicLong(-1);
		await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(4)).until(() -> {
			long now = members.stream().mapToLong((member) -> member.seen().size()).sum();
			return count.getAndSet(now) == now;
		});
	}

	private List<Seen> log() {
		return this.admin.xrange(PREFIX + "events", Range.unbounded()).stream().map((entry) -> {
			List<String> event = JsonTexts.read(String.valueOf(entry.getBody().get("event")));
			return new Seen(type(event.get(0), event.get(5)), event.get(1), Long.parseLong(event.get(3)), true);
		}).toList();
	}

	private static Type type(String kind, String previous) {
		return switch (kind) {
			case "released" -> Type.RELEASED;
			case "expired" -> Type.EXPIRED;
			default -> previous.isEmpty() ? Type.ACQUIRED : Type.TAKEN_OVER;
		};
	}

	private void report(List<FleetMember> members, FleetHistory history, List<Violation> violations, Duration drain) {
		Map<String, Integer> failures = new TreeMap<>();
		members
			.forEach((member) -> member.failures().forEach((kind, times) -> failures.merge(kind, times, Integer::sum)));
		System.out.printf(
				"Fleet: %d s, %d grants, %d handles, %d events; %d connections killed, %d flushes; failures %s; quiet %d ms "
						+ "after the end; %d LockEventsMissedEvent; wrong: %s%n",
				LENGTH.toSeconds(), history.grants(), members.stream().mapToInt((member) -> member.uses().size()).sum(),
				members.stream().mapToInt((member) -> member.seen().size()).sum(), this.kills.get(), this.flushes.get(),
				failures, drain.toMillis(), members.stream().mapToInt(FleetMember::missed).sum(),
				FleetHistory.count(violations));
		violations.stream().limit(20).forEach((violation) -> System.out.println("  " + violation.text()));
	}

}
