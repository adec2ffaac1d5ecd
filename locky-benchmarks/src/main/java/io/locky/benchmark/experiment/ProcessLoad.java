package io.locky.benchmark.experiment;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.OperatingSystemMXBean;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.redis.ServerLoad;

/**
 * What this JVM and a server did in a time.
 *
 * @param seconds the length
 * @param jvmCpuMicros CPU time of this JVM in microseconds
 * @param server the load of the server
 */
record ProcessLoad(double seconds, double jvmCpuMicros, ServerLoad server) {

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	static ProcessLoad during(BenchmarkRedis redis, Action action) throws Exception {
		ServerLoad before = ServerLoad.read(redis.port());
		long cpu = SYSTEM.getProcessCpuTime();
		long start = System.nanoTime();
		action.run();
		return new ProcessLoad((System.nanoTime() - start) / 1e9, (SYSTEM.getProcessCpuTime() - cpu) / 1e3,
				ServerLoad.read(redis.port()).since(before));
	}

	static ProcessLoad during(BenchmarkRedis redis, Duration length) throws Exception {
		return during(redis, () -> Pause.of(length));
	}

	/** Scripts and commands that were sent or run inside scripts, in a second. */
	double commandsPerSecond() {
		return (this.server.scripts() + this.server.plainCommands()) / this.seconds;
	}

	/** How much of a core this JVM used, in percent. */
	double jvmPercent() {
		return this.jvmCpuMicros / this.seconds / 1e4;
	}

	/** How much of a core the server used, in percent. */
	double serverPercent() {
		return this.server.cpuMicros() / this.seconds / 1e4;
	}

	interface Action {

		void run() throws Exception;

	}

}
