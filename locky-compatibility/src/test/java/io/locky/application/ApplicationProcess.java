package io.locky.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * An application in a process of its own, with the class path of the tests.
 */
final class ApplicationProcess implements AutoCloseable {

	private static final Duration AT_MOST = Duration.ofMinutes(2);

	private final Path output;

	private final Process process;

	private ApplicationProcess(Path output, Process process) {
		this.output = output;
		this.process = process;
	}

	/**
	 * Starts an application.
	 * @param main the class with its main method
	 * @param directory where it writes what it prints
	 * @param properties its properties, each as {@code name=value}
	 * @return the process, to be closed by the caller
	 */
	static ApplicationProcess start(Class<?> main, Path directory, String... properties) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), main.getName(),
						"--spring.main.banner-mode=off"));
		Applications.WITHOUT_JPA.forEach((property) -> command.add("--" + property));
		for (String property : properties) {
			command.add("--" + property);
		}
		Path output = Files.createTempFile(directory, "output", ".txt");
		return new ApplicationProcess(output,
				new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start());
	}

	/**
	 * What the process has printed.
	 * @return complete lines
	 */
	List<String> lines() throws IOException {
		String text = Files.readString(this.output);
		return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
	}

	void awaitLine(String line) throws IOException {
		try {
			Awaitility.await(line).atMost(AT_MOST).until(() -> lines().contains(line) || !this.process.isAlive());
		}
		catch (ConditionTimeoutException ex) {
			throw new IllegalStateException("It has not printed '%s' yet, but:%n%s".formatted(line, lines()), ex);
		}
		if (!lines().contains(line)) {
			throw new IllegalStateException("The application has ended:\n" + Files.readString(this.output));
		}
	}

	int awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
			throw new IllegalStateException("The application is still running");
		}
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
