package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.locky.LockRequest;
import io.locky.PeopleSettings;
import io.locky.internal.lock.LockCommands.AcquireCommand;
import io.locky.internal.lock.Operations.Operation;
import io.locky.internal.lock.Operations.Sending;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptCall;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the scripts for locks get where there are lines, and that they get nothing more
 * where there are none.
 */
class LineKeysTests {

	private static final Operation OPERATION = new Operation("op", "me-0");

	private static final AcquireCommand ATTEMPT = new AcquireCommand(List.of("x"), "ann", Duration.ofMinutes(1),
			OPERATION, LockRequest.of("x").by("ann").options());

	private static final List<OwnedLock> OWNED = List.of(OwnedLock.byLocker("x", "ann"));

	private static LockCommands commands(boolean lines) {
		LockyKeys keys = LockyKeys.of("p:");
		return new LockCommands(lines ? keys.withPeople(PeopleSettings.NONE.with(PeopleSettings.Line.DEFAULT)) : keys);
	}

	@Test
	void withoutLinesScriptsGetNothingOfThem() {
		LockCommands off = commands(false);
		ScriptCall<?> lock = Objects.requireNonNull(off.common().acquire(ATTEMPT));
		assertThat(lock.keys()).containsExactly("p:lock:x", "p:records", "p:deadlines", "p:fence", "p:operation:me-0",
				"p:lockers");
		assertThat(lock.arguments()).containsExactly("x", "ann", "60000", "op", "p:signals", "1");
		ScriptCall<?> unlock = Objects.requireNonNull(off.common().release(OWNED, OPERATION));
		assertThat(unlock.keys()).containsExactly("p:lock:x", "p:records", "p:deadlines", "p:operation:me-0",
				"p:waiting", "p:lockers");
		assertThat(unlock.arguments()).containsExactly("x", "ann", "", "op", "p:signals", "1");
		ScriptCall<?> acquire = off.acquire(ATTEMPT, Sending.FIRST, "", Duration.ofSeconds(1));
		assertThat(acquire.keys()).hasSize(10).noneMatch((key) -> key.startsWith("p:people:line"));
		assertThat(acquire.arguments()).startsWith("p:signals", "", "", "1").hasSize(21);
		ScriptCall<?> release = off.release(OWNED, OPERATION, Sending.FIRST);
		assertThat(release.keys()).hasSize(8).noneMatch((key) -> key.startsWith("p:people:line"));
		assertThat(release.arguments()).startsWith("p:signals", "", "", "1").hasSize(9);
	}

	@Test
	void withLinesScriptsGetThatOfTheResource() {
		LockCommands on = commands(true);
		ScriptCall<?> lock = Objects.requireNonNull(on.common().acquire(ATTEMPT));
		assertThat(lock.keys()).containsExactly("p:lock:x", "p:records", "p:deadlines", "p:fence", "p:operation:me-0",
				"p:people:line:x", "p:lockers");
		assertThat(lock.arguments()).endsWith("3");
		assertThat(on.acquire(ATTEMPT, Sending.FIRST, "", Duration.ofSeconds(1)).keys()).endsWith("p:lock:x",
				"p:people:line:x", "p:lockers");
		assertThat(on.release(OWNED, OPERATION, Sending.FIRST).keys()).endsWith("p:lock:x", "p:people:line:x",
				"p:lockers");
	}

}
