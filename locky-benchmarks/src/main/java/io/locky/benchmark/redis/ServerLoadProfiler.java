package io.locky.benchmark.redis;

import java.util.Collection;
import java.util.List;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Adds to the results of JMH what each operation costs the Redis server.
 */
public final class ServerLoadProfiler implements InternalProfiler {

	/** CPU time of the server in microseconds, for each operation. */
	public static final String CPU = "redis.cpu";

	/** Time in scripts in microseconds, for each operation. */
	public static final String SCRIPT = "redis.script";

	/** Commands that ran, those inside scripts included, for each operation. */
	public static final String COMMANDS = "redis.commands";

	/** Messages that were published, for each operation. */
	public static final String PUBLISHED = "redis.published";

	private final int port = TargetRedis.port();

	private ServerLoad before = ServerLoad.read(this.port);

	@Override
	public String getDescription() {
		return "The load of the Redis server for each operation";
	}

	@Override
	public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
		this.before = ServerLoad.read(this.port);
	}

	@Override
	public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
			IterationResult result) {
		ServerLoad load = ServerLoad.read(this.port).since(this.before);
		double operations = Math.max(1, result.getMetadata().getAllOps());
		return List.of(of(CPU, load.cpuMicros() / operations, "us/op"),
				of(SCRIPT, load.scriptMicros() / operations, "us/op"),
				of(COMMANDS, load.plainCommands() / operations, "commands/op"),
				of(PUBLISHED, load.of("publish").count() / operations, "messages/op"));
	}

	private static Result<?> of(String label, double value, String unit) {
		return new ScalarResult(label, value, unit, AggregationPolicy.AVG);
	}

}
