package io.locky.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import redis.embedded.RedisExecProvider;

/**
 * A bare redis-server process that a test may kill or freeze. It ends with the JVM at the
 * latest.
 */
final class RedisProcess implements AutoCloseable {

	private static final String EXECUTABLE = extract();

	private final Path directory;

	private final int port;

	private Process process;

	private final Thread exitHook = new Thread(this::kill);

	/**
	 * Starts a server.
	 * @param port where it listens
	 * @param sentinel whether it is a sentinel
	 * @param settings lines of its configuration
	 */
	RedisProcess(int port, boolean sentinel, String... settings) {
		this.port = port;
		try {
			this.directory = Files.createTempDirectory("locky-redis");
			Files.write(file(), lines(settings));
			this.process = launch(sentinel);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(this.exitHook);
	}

	private List<String> lines(String... settings) {
		String own = """
				port %d
				bind 127.0.0.1
				dir %s
				save ""
				appendonly no
				""".formatted(this.port, this.directory);
		return Arrays.asList((own + String.join("\n", settings)).split("\n"));
	}

	private Process launch(boolean sentinel) throws IOException {
		ProcessBuilder builder = sentinel ? new ProcessBuilder(EXECUTABLE, file().toString(), "--sentinel")
				: new ProcessBuilder(EXECUTABLE, file().toString());
		return builder.redirectErrorStream(true).redirectOutput(this.directory.resolve("log").toFile()).start();
	}

	private Path file() {
		return this.directory.resolve("redis.conf");
	}

	int port() {
		return this.port;
	}

	/** As {@code kill -9} does it: without a clean shutdown. */
	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/** Lets the process live on without doing anything. */
	void freeze() {
		signal("-STOP");
	}

	void thaw() {
		signal("-CONT");
	}

	private void signal(String name) {
		try {
			new ProcessBuilder("kill", name, Long.toString(this.process.pid())).start().onExit().join();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		kill();
		Runtime.getRuntime().removeShutdownHook(this.exitHook);
	}

	private static String extract() {
		try {
			return RedisExecProvider.defaultProvider().get().getAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
