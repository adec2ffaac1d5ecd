package io.locky.benchmark.redis;

/**
 * The server that JMH benchmarks use: it was started by the process that started JMH, and
 * is named by a system property, which the forked JVMs get too.
 */
public final class TargetRedis {

	private static final String PROPERTY = "locky.benchmark.redis.port";

	private TargetRedis() {
	}

	/**
	 * Sets the server for this JVM.
	 * @param redis the server
	 * @return the argument that sets it for another JVM
	 */
	public static String use(BenchmarkRedis redis) {
		System.setProperty(PROPERTY, Integer.toString(redis.port()));
		return "-D" + PROPERTY + "=" + redis.port();
	}

	/**
	 * Where the server listens.
	 * @return its port
	 */
	public static int port() {
		Integer port = Integer.getInteger(PROPERTY);
		if (port == null) {
			throw new IllegalStateException("Start the benchmarks with io.locky.benchmark.Benchmarks");
		}
		return port;
	}

}
