package io.locky.expiration;

import java.util.List;

import io.locky.blocking.ScriptRunner;
import io.locky.redis.LockyCalls;
import io.locky.redis.LockyPartition;
import io.locky.redis.ScanReply;

/**
 * Finds locks that the npm package took, a portion at a time, so that their expiry is
 * told as well.
 */
final class NpmAdopter {

	private static final int PORTION = 200;

	private final ScriptRunner scripts;

	private final LockyCalls calls;

	private final LockyPartition partition;

	private String cursor = ScanReply.START;

	NpmAdopter(ScriptRunner scripts, LockyCalls calls, LockyPartition partition) {
		this.scripts = scripts;
		this.calls = calls;
		this.partition = partition;
	}

	void adoptSome() {
		ScanReply part = ScanReply.of(this.scripts.run(LockyCalls.npmIndex(this.partition, this.cursor, PORTION)));
		String prefix = this.partition.lock("");
		List<String> resources = part.resources()
			.stream()
			.filter((key) -> key.startsWith(prefix))
			.map((key) -> key.substring(prefix.length()))
			.toList();
		if (!resources.isEmpty()) {
			this.scripts.run(this.calls.adopt(resources));
		}
		this.cursor = part.cursor();
	}

}
