package io.locky.browser;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs Node, where there is one.
 */
public final class NodeJs {

	private static final int OLDEST = 20;

	private NodeJs() {
	}

	/**
	 * Finds Node 20 or newer: the environment's {@code NODE}, or {@code node} on the
	 * path.
	 * @return the executable
	 */
	public static Optional<Path> find() {
		Stream<String> named = Stream.ofNullable(System.getenv("NODE"));
		Stream<String> onPath = Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((each) -> each + "/node");
		return Stream.concat(named, onPath).map(Path::of).filter(Files::isExecutable).filter(NodeJs::isNew).findFirst();
	}

	private static boolean isNew(Path executable) {
		try {
			Process process = new ProcessBuilder(executable.toString(), "--version").start();
			String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
			return Integer.parseInt(version.replaceFirst("v(\\d+)\\..*", "$1")) >= OLDEST;
		}
		catch (IOException | NumberFormatException ex) {
			return false;
		}
	}

	/**
	 * Runs Node until it ends.
	 * @param directory where to run it
	 * @param arguments its arguments
	 * @return what it wrote, and its exit code in the last line
	 * @throws IOException if it cannot be started
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static String run(Path directory, List<String> arguments) throws IOException, InterruptedException {
		Path executable = find().orElseThrow(
				() -> new IllegalStateException("No Node was found. Install Node 20, or name one: NODE=/path/to/node"));
		Path output = Files.createTempFile("locky-node", ".txt");
		Process process = new ProcessBuilder(
				Stream.concat(Stream.of(executable.toString()), arguments.stream()).toList())
			.directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			boolean ended = process.waitFor(3, TimeUnit.MINUTES);
			return Files.readString(output) + "\n" + (ended ? "exit code " + process.exitValue() : "did not end");
		}
		finally {
			process.destroyForcibly();
			Files.delete(output);
		}
	}

}
