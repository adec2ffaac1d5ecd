package io.locky.faults.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import tools.jackson.databind.json.JsonMapper;

/**
 * An application in a JVM of its own. It ends with this JVM at the latest.
 */
final class AppProcess {

	private static final Duration LONGEST = Duration.ofMinutes(3);

	private final AppConfig config;

	private final Path log;

	private final Process process;

	private final Writer commands;

	private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

	private AppProcess(AppConfig config, Process process, Path log) {
		this.config = config;
		this.process = process;
		this.log = log;
		this.commands = process.outputWriter();
		Thread reader = new Thread(this::readAnswers, "answers-of-" + config.name());
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Starts an application, and does not wait for it.
	 * @param config what it is started with
	 * @param environment additional variables, such as {@code NAME=value}
	 * @return the process, which answers {@code ready}
	 */
	static AppProcess launch(AppConfig config, String... environment) {
		Path log = Path.of(config.history() + ".log");
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx160m", "-XX:+UseSerialGC",
				"-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", System.getProperty("java.class.path"),
				AppMain.class.getName(), JsonMapper.shared().writeValueAsString(config)));
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
		Arrays.stream(environment)
			.map((variable) -> variable.split("=", 2))
			.forEach((variable) -> builder.environment().put(variable[0], variable[1]));
		try {
			return new AppProcess(config, builder.start(), log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void readAnswers() {
		try (BufferedReader reader = this.process.inputReader()) {
			reader.lines().forEach(this.answers::add);
		}
		catch (IOException | UncheckedIOException ex) {
			// It was killed.
			return;
		}
	}

	AppProcess awaitReady() {
		expect("ready");
		return this;
	}

	/**
	 * Sends a command and waits for its answer.
	 * @param command the line
	 * @return the answer
	 */
	String ask(String command) {
		send(command);
		return answer();
	}

	/** Sends a command whose answer is read later. */
	void send(String command) {
		try {
			this.commands.write(command + "\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(name() + " does not take '" + command + "': " + logText(), ex);
		}
	}

	String answer() {
		return answer(LONGEST);
	}

	String answer(Duration longest) {
		try {
			String answer = this.answers.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
			if (answer == null || answer.startsWith("failed")) {
				throw new IllegalStateException(name() + " answers " + answer + ": " + logText());
			}
			return answer;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	void expect(String answer) {
		String given = answer();
		if (!given.equals(answer)) {
			throw new IllegalStateException(name() + " answers " + given + " instead of " + answer);
		}
	}

	String name() {
		return this.config.name();
	}

	/** The file of its history. */
	String history() {
		return this.config.history();
	}

	/** Stops it, as a machine does that pauses. */
	void freeze() {
		signal("-STOP");
	}

	void thaw() {
		signal("-CONT");
	}

	/** Asks it to end, as an orchestrator does. */
	void terminate() {
		signal("-TERM");
	}

	private void signal(String name) {
		try {
			new ProcessBuilder("kill", name, Long.toString(this.process.pid())).start().onExit().join();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/**
	 * Waits until it has ended by itself.
	 * @param longest how long
	 * @return whether it has
	 */
	boolean hasEnded(Duration longest) {
		try {
			return this.process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	String logText() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
