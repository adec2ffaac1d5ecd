package io.locky.faults.engine;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.locky.faults.check.Assumptions;
import io.locky.faults.check.Checker;
import io.locky.faults.check.Violation;
import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Entry;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The checker finds an engine that was broken on purpose, and nothing wrong with the real
 * one under the same clients: its driver repeats releases, and its last fence is deleted.
 */
class BrokenEngineTests {

	private static final int CALLS = 4000;

	private static final String OWNER = "owned(holder, record, locker, fence)";

	private List<Entry> history = List.of();

	@Test
	void realEngineIsRight() throws Exception {
		assertThat(check(new PatchedLibrary())).isEmpty();
	}

	@Test
	void attemptThatDropsAnExpiryIsFound() throws Exception {
		PatchedLibrary library = new PatchedLibrary().patch("lock/acquire",
				"claim_expiry(lock.resource, lock.leftover, deadline or digits(now))", "");
		assertFound("no expiry on acquire", library, Kind.EVENT_MISSING);
	}

	@Test
	void releaseWithoutOwnerIsFound() throws Exception {
		PatchedLibrary library = new PatchedLibrary().patch("lock/release", OWNER, "holder")
			.patch("lock/unlock", "(locker ~= '' and locker ~= holder) or (fence ~= '' and fence ~= held_fence)",
					"false");
		assertFound("release without owner", library, Kind.ILLEGAL_ORDER);
	}

	@Test
	void fenceFromACounterThatIsLostIsFound() throws Exception {
		PatchedLibrary library = new PatchedLibrary()
			.patch("lock/acquire", "math.max(highest + 1, micros)", "highest + 1")
			.patch("lock/lock", "local now, fence = time[1] .. string.sub(micros, 1, 3), time[1] .. micros",
					"local now, fence = time[1] .. string.sub(micros, 1, 3), '1'");
		assertFound("fence from a counter that is lost", library, Kind.FENCE_NOT_RISING);
	}

	@Test
	void releaseThatTakesEffectAgainIsFound() throws Exception {
		PatchedLibrary library = new PatchedLibrary()
			.patch("lock/release", "local known = read_answer(before)", "local known = nil")
			.patch("lock/unlock", "if before and string.sub(before, 1, #start) == start then", "if false then");
		assertFound("driver that repeats releases", library, Kind.ILLEGAL_ORDER);
	}

	private void assertFound(String bug, PatchedLibrary library, Kind kind) throws Exception {
		List<Violation> found = check(library);
		found.removeIf((violation) -> violation.kind() != kind);
		assertThat(found).as(bug).isNotEmpty();
		long begin = calls().mapToLong(Call::calledNanos).min().orElse(0);
		Violation first = Collections.min(found, Comparator.comparingLong(Violation::nanos));
		long before = calls().filter((call) -> call.calledNanos() <= first.nanos()).count();
		System.out.printf("%s: %s first after %d calls and %d ms, %d times in %d calls%n", bug, kind, before,
				(first.nanos() - begin) / 1_000_000, found.size(), calls().count());
	}

	private Stream<Call> calls() {
		return this.history.stream().filter(Call.class::isInstance).map(Call.class::cast);
	}

	private List<Violation> check(PatchedLibrary library) throws Exception {
		this.history = run(library);
		return new ArrayList<>(Checker.check(this.history, Assumptions.none().withSettled()));
	}

	@SuppressWarnings("unchecked")
	private static List<Entry> run(PatchedLibrary library) throws Exception {
		LettuceConnectionFactory admin = TestRedis.connectionFactory();
		try (RepeatingDriver driver = new RepeatingDriver(admin.getPort())) {
			LettuceConnectionFactory connection = TestRedis.connect(admin.getHostName(), driver.port(),
					Duration.ofSeconds(5));
			try {
				Method run = library.loadClass(EngineRun.class.getName())
					.getMethod("run", RedisConnectionFactory.class, RedisConnectionFactory.class, long.class,
							int.class);
				List<Entry> history = (List<Entry>) run.invoke(null, connection, admin, 1L, CALLS);
				assertThat(driver.repeated()).isPositive();
				return history;
			}
			finally {
				connection.destroy();
			}
		}
	}

}
