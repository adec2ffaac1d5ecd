package io.locky.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

	private final List<String> launcher;

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

	private RedisProcess(int port, boolean sentinel, List<String> launcher, String... settings) {
		this.port = port;
		this.sentinel = sentinel;
		this.launcher = launcher;
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
	 * Starts a server on a free port by means of another program.
	 * @param launcher a command that takes the command of the server as its last
	 * arguments
	 * @param settings lines of its configuration
	 * @return the server, which may not be ready yet
	 */
	public static RedisProcess startWith(List<String> launcher, String... settings) {
		return new RedisProcess(EmbeddedRedis.freePort(), false, launcher, settings);
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
		List<String> command = new ArrayList<>(this.launcher);
		command.addAll(List.of(EXECUTABLE, file().toString()));
		if (this.sentinel) {
			command.add("--sentinel");
		}
		ProcessBuilder builder = new ProcessBuilder(command);
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
