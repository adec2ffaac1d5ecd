package io.locky.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import redis.embedded.RedisExecProvider;

import org.springframework.util.FileSystemUtils;

/**
 * A bare redis-server process that a test may kill or freeze. It ends with the JVM at the
 * latest.
 */
public final class RedisProcess implements AutoCloseable {

	private static final String EXECUTABLE = extract();

	private final Path directory;

	private final int port;

	private final boolean sentinel;

	private final List<String> environment;

	private Process process;

	private final Thread exitHook = new Thread(this::kill);

	/**
	 * Starts a server.
	 * @param port where it listens
	 * @param sentinel whether it is a sentinel
	 * @param settings lines of its configuration
	 */
	RedisProcess(int port, boolean sentinel, String... settings) {
		this(port, sentinel, List.of(), settings);
	}

	private RedisProcess(int port, boolean sentinel, List<String> environment, String... settings) {
		this.port = port;
		this.sentinel = sentinel;
		this.environment = environment;
		try {
			this.directory = Files.createTempDirectory("locky-redis");
			Files.write(file(), lines(settings));
			this.process = launch();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(this.exitHook);
	}

	/**
	 * Starts a server on a free port.
	 * @param settings lines of its configuration
	 * @return the server, which may not be ready yet
	 */
	public static RedisProcess start(String... settings) {
		return new RedisProcess(EmbeddedRedis.freePort(), false, settings);
	}

	/**
	 * Starts a server on a free port, with variables of its environment.
	 * @param environment names and values, such as {@code NAME=value}
	 * @param settings lines of its configuration
	 * @return the server, which may not be ready yet
	 */
	public static RedisProcess startWith(List<String> environment, String... settings) {
		return new RedisProcess(EmbeddedRedis.freePort(), false, environment, settings);
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

	private Process launch() throws IOException {
		ProcessBuilder builder = this.sentinel ? new ProcessBuilder(EXECUTABLE, file().toString(), "--sentinel")
				: new ProcessBuilder(EXECUTABLE, file().toString());
		for (String variable : this.environment) {
			String[] parts = variable.split("=", 2);
			builder.environment().put(parts[0], parts[1]);
		}
		return builder.redirectErrorStream(true).redirectOutput(this.directory.resolve("log").toFile()).start();
	}

	private Path file() {
		return this.directory.resolve("redis.conf");
	}

	public int port() {
		return this.port;
	}

	/** As {@code kill -9} does it: without a clean shutdown. */
	public void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/**
	 * Starts the killed server again, with the data that it has on disk.
	 */
	public void restart() {
		try {
			this.process = launch();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Lets the process live on without doing anything. */
	public void freeze() {
		signal("-STOP");
	}

	/** Lets the process go on. */
	public void thaw() {
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
		FileSystemUtils.deleteRecursively(this.directory.toFile());
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
