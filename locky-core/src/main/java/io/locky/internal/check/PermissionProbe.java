package io.locky.internal.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptCall;

/**
 * The commands that the scripts call, and a script that finds those that the user may not
 * call. It leaves nothing behind: each command is called for a lock that cannot exist, in
 * a form that changes nothing. The hint that it publishes makes workers look once for
 * expired locks.
 */
final class PermissionProbe {

	/** The first word is the command; words in lower case stand for names. */
	private static final List<String> ALWAYS = List.of("TIME", "GET lock", "MGET fence", "SET lock member XX",
			"DEL lock", "PTTL lock", "PEXPIREAT lock 1", "HGET records member", "HMGET records member",
			"HSET records member member member", "HDEL records member", "HSETNX records member member",
			"HSCAN records 0 COUNT 1", "ZADD deadlines XX 0 member", "ZREM deadlines member", "ZSCORE deadlines member",
			"ZRANGE unacked 0 0", "ZRANGEBYSCORE unacked 1 0", "ZRANGEBYLEX waiting + -",
			"ZREMRANGEBYRANK deadlines 1 0", "ZREMRANGEBYLEX waiting + -", "PUBLISH signals deadline");

	private static final List<String> FOR_EVENT_LOG = List.of("XADD lock NOMKSTREAM * member member",
			"XTRIM lock MINID 0", "XRANGE events + + COUNT 1", "XREVRANGE events + - COUNT 1");

	private static final List<String> FOR_NPM = List.of("SREM index member", "SADD index member",
			"SISMEMBER index member", "SSCAN index 0 COUNT 1");

	private static final List<String> FOR_LOCKER_INDEX = List.of("INFO server");

	private static final LockyScript<List<Object>> PROBE = LockyScript.ofList(PermissionProbe.class, "probe");

	private final LockyKeys keys;

	private final List<String> commands;

	/**
	 * Creates a probe.
	 * @param keys the names of the keys
	 */
	PermissionProbe(LockyKeys keys) {
		this.keys = keys;
		this.commands = new ArrayList<>(ALWAYS);
		if (keys.eventLog().isKept()) {
			this.commands.addAll(FOR_EVENT_LOG);
		}
		if (keys.isNpmInterop()) {
			this.commands.addAll(FOR_NPM);
		}
		if (keys.hasLockerIndex()) {
			this.commands.addAll(FOR_LOCKER_INDEX);
		}
	}

	/**
	 * Calls all commands that are needed.
	 * @param partition where to try
	 * @return the call; {@link MissingPermission#of(List)} reads its reply
	 */
	ScriptCall<List<Object>> call(LockyPartition partition) {
		String member = "probe-" + UUID.randomUUID();
		Map<String, String> names = Map.of("lock", partition.lock(member), "records", partition.records(), "fence",
				partition.fence(), "deadlines", partition.deadlines(), "unacked", partition.unacked(), "waiting",
				partition.waiting(), "events", partition.log(), "index", partition.npmIndex(), "signals",
				this.keys.signals(), "member", member);
		List<String> arguments = new ArrayList<>();
		for (String command : this.commands) {
			List<String> words = List.of(command.split(" "));
			arguments.add(Integer.toString(words.size()));
			words.forEach((word) -> arguments.add(names.getOrDefault(word, word)));
		}
		return PROBE.call(keys(partition, member), arguments, (reply) -> reply);
	}

	private List<String> keys(LockyPartition partition, String member) {
		List<String> names = partition.withLocks(List.of(member), partition.records(), partition.fence(),
				partition.deadlines(), partition.unacked(), partition.waiting());
		if (this.keys.eventLog().isKept()) {
			names.add(partition.log());
		}
		if (this.keys.isNpmInterop()) {
			names.add(partition.npmIndex());
		}
		return names;
	}

	/**
	 * The names of the commands that scripts call, as ACL rules spell them.
	 * @return the names, in lower case
	 */
	List<String> commandNames() {
		return this.commands.stream()
			.map((command) -> command.split(" ")[0].toLowerCase(Locale.ROOT))
			.distinct()
			.toList();
	}

}
