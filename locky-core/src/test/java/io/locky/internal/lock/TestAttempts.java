package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.locky.LockInfo;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.internal.expiration.ExpiryClaim;
import io.locky.internal.lock.LockCommands.AcquireCommand;
import io.locky.internal.lock.Operations.Operation;
import io.locky.internal.lock.Operations.Sending;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;

/**
 * Single attempts by the script alone: for names that the rules of Locky refuse, for
 * repeated attempts, and without a dispatcher that publishes what they find.
 */
public final class TestAttempts {

	static final LockOptions DENY = LockRequest.of("any").by("any").options();

	static final LockOptions FORCE = LockRequest.of("any").by("any").force().options();

	/** The worker for which attempts claim. */
	public static final String CLAIMER = "tester";

	private static final Duration ACK_TIMEOUT = Duration.ofSeconds(30);

	private final ScriptRunner scripts;

	private final LockCommands commands;

	public TestAttempts(ScriptRunner scripts, LockyKeys keys) {
		this.scripts = scripts;
		this.commands = new LockCommands(keys);
	}

	/**
	 * An attempt that is granted.
	 * @param resource the name of the resource
	 * @param locker the locker
	 * @param ttl the length of the lease
	 * @return the expiries that it found
	 */
	public List<ExpiryClaim> acquire(String resource, String locker, Duration ttl) {
		AcquireReply reply = acquire(new AcquireCommand(List.of(resource), locker, ttl, operation("attempt"), DENY));
		return ((AcquireReply.Granted) reply).expired();
	}

	static Operation operation(String id) {
		return new Operation(id, "test-0");
	}

	AcquireReply acquire(AcquireCommand command) {
		return acquire(command, Sending.FIRST);
	}

	AcquireReply acquire(AcquireCommand command, Sending sending) {
		return this.scripts.run(this.commands.acquire(command, sending, CLAIMER, ACK_TIMEOUT));
	}

	/** An attempt that is sent as the template sends it: with the short script first. */
	AcquireReply acquireShortly(AcquireCommand command) {
		ScriptCall<Optional<AcquireReply>> common = Objects.requireNonNull(this.commands.common().acquire(command));
		return this.scripts.run(common).orElseGet(() -> acquire(command));
	}

	public List<LockInfo> find(List<String> resources) {
		return this.scripts.run(this.commands.find(resources));
	}

}
