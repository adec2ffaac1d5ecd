package io.locky.faults.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.faults.check.Assumptions;
import io.locky.faults.check.Checker;
import io.locky.faults.check.Violation;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import io.locky.faults.history.HistoryFile;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * The applications of one run, with their histories and their store. It ends them all.
 */
final class Fleet implements AutoCloseable {

	/** Operations that acquire a lock. */
	static final Set<Operation> ATTEMPTS = Set.of(Operation.ACQUIRE, Operation.REENTER, Operation.TAKE_OVER);

	private final Path folder;

	private final String redis;

	private final long seed;

	private final Store store = new Store();

	private final List<AppProcess> processes = new CopyOnWriteArrayList<>();

	private final List<Path> files = new CopyOnWriteArrayList<>();

	private final Set<String> killed = new HashSet<>();

	/** Whether the histories are worth to be kept. */
	private boolean wrong;

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
				this.seed * 1000 + this.processes.size() * 10L, 2000, 5000, 500, true, true);
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

	private List<Entry> written() {
		return HistoryFile.read(this.files);
	}

	/**
	 * What all of them have written, without refusals that say nothing.
	 * @return the histories, in no order
	 */
	List<Entry> history() {
		List<Entry> all = new ArrayList<>(written());
		// A refused lockAll does not say which lock was in the way, and a full Redis
		// none.
		all.removeIf((entry) -> entry instanceof Call call && ATTEMPTS.contains(call.operation())
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

	/**
	 * Waits until nothing more is written.
	 * @param longest how long
	 */
	void awaitSilence(Duration longest) {
		AtomicLong last = new AtomicLong(-1);
		await().atMost(longest).pollInterval(Duration.ofSeconds(5)).until(() -> {
			long now = size();
			return last.getAndSet(now) == now;
		});
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
		check(assumptions).stream()
			.filter((violation) -> !violation.kind().isLossOfData())
			.map(Violation::toString)
			.forEach(all::add);
		return all;
	}

	/**
	 * Checks the histories.
	 * @param assumptions what the faults may break
	 * @return what is wrong, or lost with the data
	 */
	List<Violation> check(Assumptions assumptions) {
		List<Entry> all = new ArrayList<>(history());
		// Which calls those that were killed had under way.
		all.addAll(HistoryFile.read(this.files.stream()
			.filter((file) -> this.killed.contains(file.getFileName().toString()))
			.map(Recorder::begun)
			.toList()));
		all.addAll(HiddenSendings.of(written()));
		List<Violation> found = Checker.check(all, assumptions);
		this.wrong = found.stream().anyMatch((violation) -> !violation.kind().isLossOfData());
		return found;
	}

	/**
	 * What the histories contain.
	 * @return a text
	 */
	String counts() {
		return Counts.of(history(), this.store).toString();
	}

	private void killAll() {
		this.processes.forEach(AppProcess::kill);
	}

	@Override
	public void close() {
		killAll();
		this.store.close();
		Runtime.getRuntime().removeShutdownHook(this.exitHook);
		try {
			if (this.wrong) {
				FileSystemUtils.copyRecursively(this.folder, Path.of("target", "histories", Long.toString(this.seed)));
			}
			FileSystemUtils.deleteRecursively(this.folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
