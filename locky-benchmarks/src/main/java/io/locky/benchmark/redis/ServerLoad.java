package io.locky.benchmark.redis;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The work of a server since its start, or between two moments.
 *
 * @param cpuMicros CPU time of the process, in microseconds
 * @param memory bytes in use
 * @param commands how often each command ran, those inside scripts included, and for how
 * long
 */
public record ServerLoad(double cpuMicros, long memory, Map<String, Calls> commands) {

	private static final Pattern CALLS = Pattern.compile("calls=(\\d+),usec=(\\d+)");

	private static final Set<String> SCRIPTS = Set.of("evalsha", "eval", "fcall", "evalsha_ro", "eval_ro");

	/** Commands that these benchmarks send themselves. */
	private static final Set<String> OWN = Set.of("info", "flushall", "config|resetstat");

	private static final Calls NONE = new Calls(0, 0);

	/**
	 * Reads the load of a server.
	 * @param port where the server listens
	 * @return its load since it started
	 */
	public static ServerLoad read(int port) {
		Properties info = RedisInfo.read(port);
		double cpu = Double.parseDouble(info.getProperty("used_cpu_user"))
				+ Double.parseDouble(info.getProperty("used_cpu_sys"));
		Map<String, Calls> commands = new TreeMap<>();
		for (String name : info.stringPropertyNames()) {
			Matcher calls = CALLS.matcher(info.getProperty(name));
			String command = name.substring(name.indexOf('_') + 1);
			if (name.startsWith("cmdstat_") && !OWN.contains(command) && calls.lookingAt()) {
				commands.put(command, new Calls(Long.parseLong(calls.group(1)), Long.parseLong(calls.group(2))));
			}
		}
		return new ServerLoad(cpu * 1e6, Long.parseLong(info.getProperty("used_memory")), commands);
	}

	/**
	 * The load between two moments.
	 * @param earlier the load at the first of them
	 * @return the difference
	 */
	public ServerLoad since(ServerLoad earlier) {
		Map<String, Calls> between = new TreeMap<>();
		this.commands.forEach((command, now) -> {
			Calls before = earlier.of(command);
			if (now.count() > before.count()) {
				between.put(command, new Calls(now.count() - before.count(), now.micros() - before.micros()));
			}
		});
		return new ServerLoad(this.cpuMicros - earlier.cpuMicros, this.memory - earlier.memory, between);
	}

	/**
	 * The calls of one command.
	 * @param command its name, in lower case
	 * @return its calls
	 */
	public Calls of(String command) {
		return this.commands.getOrDefault(command, NONE);
	}

	/**
	 * How many scripts ran.
	 * @return the calls of {@code EVALSHA} and {@code EVAL}
	 */
	public long scripts() {
		return SCRIPTS.stream().mapToLong((command) -> of(command).count()).sum();
	}

	/**
	 * How long scripts ran.
	 * @return the time in microseconds, with the commands that they call
	 */
	public long scriptMicros() {
		return SCRIPTS.stream().mapToLong((command) -> of(command).micros()).sum();
	}

	/**
	 * How many commands ran, those inside scripts included, the scripts themselves not.
	 * @return the number
	 */
	public long plainCommands() {
		return this.commands.values().stream().mapToLong(Calls::count).sum() - scripts();
	}

	/**
	 * Calls of one command.
	 *
	 * @param count how many
	 * @param micros how long they took in total, in microseconds
	 */
	public record Calls(long count, long micros) {

	}

}
