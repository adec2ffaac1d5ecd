package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;

import io.locky.internal.expiration.ExpiryClaim.Expiry;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScriptRunner;
import io.locky.testing.LockyFixture;

import static org.awaitility.Awaitility.await;

/**
 * Claims expiries as a worker does, one command at a time.
 */
public final class TestClaims {

	private final ExpiryCommands commands;

	private final LockyPartition partition;

	public TestClaims(LockyFixture fixture) {
		this.commands = new ExpiryCommands(fixture.keys(), "worker");
		this.partition = fixture.keys().partitions().get(0);
	}

	public void awaitDue(ScriptRunner scripts) {
		await().until(() -> scripts.run(ExpiryCommands.peek(this.partition)) == 0);
	}

	public static List<String> resources(List<ExpiryClaim> claims) {
		return claims.stream().flatMap((claim) -> claim.expiries().stream()).map(Expiry::resource).toList();
	}

	public List<ExpiryClaim> claim(ScriptRunner scripts, int most, Duration ackTimeout) {
		return scripts.run(this.commands.claim(this.partition, most, List.of(), ackTimeout, false)).claims();
	}

	public void acknowledge(ScriptRunner scripts, List<ExpiryClaim> claims) {
		scripts.run(this.commands.acknowledge(this.partition, claims));
	}

}
