package io.locky.faults.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.locky.faults.check.Assumptions;
import io.locky.faults.check.Checker;
import io.locky.faults.check.Violation;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import io.locky.faults.history.HistoryFile;

/**
 * The applications of one run, with their histories and their store. It ends them all.
 */
final class Fleet implements AutoCloseable {

	private final Path folder;

	private final String redis;

	private final long seed;

	private final Store store = new Store();

	private final List<AppProcess> processes = new CopyOnWriteArrayList<>();

	private final List<Path> files = new CopyOnWriteArrayList<>();

	private final Set<String> killed = new HashSet<>();

	private final Thread exitHook = new Thread(this::killAll);

	/**
	 * Creates a fleet without applications.
	 * @param redis where the locks are, as in {@link AppConfig#redis()}
	 * @param seed makes its choices repeatable
	 */
	Fleet(String redis, long seed) {
		this.redis = redis;
		this.seed = seed;
		try {
			this.folder = Files.createTempDirectory("locky-faults");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(this.exitHook);
	}

	/**
	 * What the next application is started with.
	 * @return its settings, which may be changed
	 */
	AppConfig next() {
		String name = "app" + this.processes.size();
		return new AppConfig(name, this.redis, this.store.port(), this.folder.resolve(name).toString(),
				this.seed * 1000 + this.processes.size() * 10L, 2000, 5000, true, true);
	}

	/**
	 * Starts an application, and does not wait for it.
	 * @param config what it is started with
	 * @param environment additional variables
	 * @return the process
	 */
	AppProcess launch(AppConfig config, String... environment) {
		AppProcess process = AppProcess.launch(config, environment);
		this.processes.add(process);
		this.files.add(Path.of(config.history()));
		return process;
	}

	/**
	 * Starts some applications with the same settings, and waits for them.
	 * @param count how many
	 * @return the processes
	 */
	List<AppProcess> start(int count) {
		List<AppProcess> started = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			started.add(launch(next()));
		}
		started.forEach(AppProcess::awaitReady);
		return started;
	}

	long seed() {
		return this.seed;
	}

	Store store() {
		return this.store;
	}

	void kill(AppProcess process) {
		this.killed.add(process.name());
		process.kill();
	}

	/** The names of the applications that were killed. */
	Set<String> killed() {
		return Set.copyOf(this.killed);
	}

	/**
	 * What all of them have written. A call of a killed application that has no answer is
	 * unknown.
	 * @return the histories, in no order
	 */
	List<Entry> history() {
		List<Entry> all = new ArrayList<>();
		for (Path file : this.files) {
			List<Entry> entries = HistoryFile.read(List.of(file));
			all.addAll(entries);
			if (this.killed.contains(file.getFileName().toString())) {
				all.addAll(unanswered(file, entries));
			}
		}
		// A refused lockAll does not say which lock was in the way.
		all.removeIf((entry) -> entry instanceof Call call && call.operation() == Operation.ACQUIRE
				&& call.answer().kind() == Kind.REFUSED);
		return all;
	}

	/**
	 * The size of all histories.
	 * @return bytes
	 */
	long size() {
		return this.files.stream().mapToLong((file) -> file.toFile().length()).sum();
	}

	/** How many calls all of them have made. */
	long calls() {
		return history().stream().filter(Call.class::isInstance).count();
	}

	/**
	 * What must not be assumed to go well: requests wait, some applications were killed,
	 * all others saw everything to the end.
	 * @return assumptions for the checker
	 */
	Assumptions assumptions() {
		return Assumptions.none().withWaiters().withBroadcast().withSettled().withDied(this.killed).withTolerance(20);
	}

	/**
	 * What is wrong with the histories and with the saves.
	 * @param assumptions what the faults may break
	 * @return texts, empty if nothing is
	 */
	List<String> violations(Assumptions assumptions) {
		List<String> all = new ArrayList<>(this.store.violations());
		Checker.check(history(), assumptions)
			.stream()
			.filter((violation) -> !violation.kind().isLossOfData())
			.map(Violation::toString)
			.forEach(all::add);
		return all;
	}

	/**
	 * What the histories contain.
	 * @return a text
	 */
	String counts() {
		return Counts.of(history(), this.store).toString();
	}

	private static List<Entry> unanswered(Path file, List<Entry> entries) {
		Set<Object> answered = new HashSet<>();
		entries.stream().filter(Call.class::isInstance).map((entry) -> key((Call) entry)).forEach(answered::add);
		return HistoryFile.read(List.of(Recorder.begun(file)))
			.stream()
			.filter((entry) -> !answered.contains(key((Call) entry)))
			.toList();
	}

	private static Object key(Call call) {
		return List.of(call.operation(), call.resource(), call.calledNanos());
	}

	private void killAll() {
		this.processes.forEach(AppProcess::kill);
	}

	@Override
	public void close() {
		killAll();
		this.store.close();
		Runtime.getRuntime().removeShutdownHook(this.exitHook);
		try (Stream<Path> left = Files.walk(this.folder)) {
			left.sorted(Comparator.reverseOrder()).forEach((path) -> path.toFile().delete());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
