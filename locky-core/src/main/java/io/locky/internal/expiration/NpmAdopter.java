package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScanReply;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

/**
 * Finds locks that the npm package acquired, a portion at a time, so that their expiry is
 * published too. That package does not support Redis Cluster, so there is one partition.
 */
final class NpmAdopter {

	private static final LockyScript<List<Object>> SCAN_INDEX = LockyScript.ofList(NpmAdopter.class, "scan-index");

	private static final LockyScript<Long> ADOPT = LockyScript.ofNumber(NpmAdopter.class, "adopt");

	private static final int PORTION = 200;

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyPartition partition;

	private String cursor = ScanReply.START;

	NpmAdopter(ScriptRunner scripts, LockyKeys keys) {
		this.scripts = scripts;
		this.keys = keys;
		this.partition = keys.partitions().get(0);
	}

	/**
	 * Adopts a portion.
	 * @return the time until the first expiry of those locks is due, or {@code null} for
	 * never
	 */
	@Nullable Duration adoptSome() {
		ScanReply part = this.scripts.run(scanIndex());
		String prefix = this.partition.lock("");
		List<String> resources = part.resources()
			.stream()
			.filter((key) -> key.startsWith(prefix))
			.map((key) -> key.substring(prefix.length()))
			.toList();
		long next = resources.isEmpty() ? -1 : this.scripts.run(adopt(resources));
		this.cursor = part.cursor();
		return (next >= 0) ? Duration.ofMillis(next) : null;
	}

	/** Reads a part of the index of the npm package: names of lock keys. */
	private ScriptCall<ScanReply> scanIndex() {
		return SCAN_INDEX.call(List.of(this.partition.npmIndex()), List.of(this.cursor, Integer.toString(PORTION)),
				ScanReply::read);
	}

	/** Writes the records of locks that the npm package acquired. */
	private ScriptCall<Long> adopt(List<String> resources) {
		return ADOPT.call(this.keys.withLockerIndex(this.partition, this.partition.withLocks(resources,
				this.partition.records(), this.partition.deadlines(), this.partition.fence())), resources,
				(millis) -> millis);
	}

}
