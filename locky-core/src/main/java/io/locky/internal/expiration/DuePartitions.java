package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the partitions that have an expiry to publish, and visits all that answer. Used
 * by one thread.
 * <p>
 * Of many partitions, most have nothing due. Those whose time has come are checked at
 * once with a call that changes nothing, because a claim would be lost with its reply.
 * One pipeline checks them, as long as all answer. Otherwise each is checked on its own,
 * so that the partitions of a master that is gone, or of a slot that is being moved, do
 * not delay the others.
 */
final class DuePartitions implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DuePartitions.class);

	private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(1);

	private final ScriptRunner scripts;

	private final List<ExpiryDispatcher> partitions;

	private final ExpirySchedule schedule;

	private final ExecutorService threads;

	/** Separate checks of this and of earlier rounds that have no reply yet. */
	private final Map<ExpiryDispatcher, CompletableFuture<Long>> checks = new HashMap<>();

	/** Partitions that did not answer in the last round. */
	private Set<ExpiryDispatcher> silent = Set.of();

	/** Partitions whose last visit failed. */
	private final Set<ExpiryDispatcher> failing = new HashSet<>();

	/** Partitions to look at, until one of the visits succeeds. */
	private final Set<ExpiryDispatcher> open = new LinkedHashSet<>();

	private boolean separately;

	DuePartitions(ScriptRunner scripts, List<ExpiryDispatcher> partitions, ExpirySchedule schedule) {
		this(scripts, partitions, schedule, DaemonThreads.named("locky-peek-"));
	}

	DuePartitions(ScriptRunner scripts, List<ExpiryDispatcher> partitions, ExpirySchedule schedule,
			ThreadFactory threads) {
		this.scripts = scripts;
		this.partitions = partitions;
		this.schedule = schedule;
		this.threads = Executors.newCachedThreadPool(threads);
	}

	/**
	 * Looks at the partitions whose time has come, publishes what is due in those that
	 * answer, and settles the others. What could not be looked at stays open.
	 * @throws CompletionException if Redis does not answer for any of them, or a visit
	 * failed, after the others were visited
	 */
	void dispatchDue() {
		this.schedule.begin().stream().mapToObj(this.partitions::get).forEach(this.open::add);
		Map<ExpiryDispatcher, Long> untilDue = Map.of();
		if (this.partitions.size() > 1 && !this.open.isEmpty()) {
			untilDue = check();
		}
		Set<ExpiryDispatcher> looks = Set.copyOf(this.open);
		untilDue.forEach(this::checked);
		visitAnswering((partition) -> !this.failing.contains(partition) || looks.contains(partition), this::visit);
	}

	private void checked(ExpiryDispatcher partition, long untilDue) {
		if (untilDue != 0) {
			looked(partition, (untilDue > 0) ? Duration.ofMillis(untilDue) : null);
		}
	}

	private void visit(ExpiryDispatcher partition) {
		if (this.open.contains(partition) || partition.isIncomplete() || partition.isFull()) {
			looked(partition, partition.dispatchDue());
		}
		else {
			partition.settle();
		}
	}

	private void looked(ExpiryDispatcher partition, @Nullable Duration next) {
		this.open.remove(partition);
		this.schedule.due(partition.number(), next);
	}

	/**
	 * Has the open partitions looked at again.
	 * @param pause after which time
	 */
	void retryIn(Duration pause) {
		this.open.forEach((partition) -> this.schedule.due(partition.number(), pause));
		this.open.clear();
	}

	/**
	 * Whether a claim of a partition that does not fail may be lost.
	 * @return whether a look is needed soon
	 */
	boolean isUncertain() {
		return this.partitions.stream()
			.anyMatch((partition) -> partition.isUncertain() && !this.failing.contains(partition));
	}

	/**
	 * Publishes a claim that an attempt of this instance has made.
	 * @param partition the number of its partition
	 * @param claim the claim
	 * @param claimedAt when the attempt was sent, in nanoseconds
	 */
	void accept(int partition, ExpiryClaim claim, long claimedAt) {
		this.partitions.get(partition).accept(claim, claimedAt);
	}

	/**
	 * Has the claims returned that Redis still has for this worker.
	 * @param partition the number of their partition
	 */
	void recover(int partition) {
		this.partitions.get(partition).recover();
	}

	/**
	 * Settles all partitions that answer.
	 * @throws CompletionException if a visit failed, after the others were visited
	 */
	void settle() {
		visitAnswering((partition) -> true, ExpiryDispatcher::settle);
	}

	/**
	 * Whether a partition that does not fail has claims that are not acknowledged.
	 * @return whether {@link #settle()} is needed soon
	 */
	boolean isBusy() {
		return this.partitions.stream()
			.anyMatch((partition) -> partition.isBusy() && !this.failing.contains(partition));
	}

	/**
	 * Visits partitions so that one that fails does not delay the others: it comes last
	 * from then on, and of those that failed only one is tried until it answers. A node
	 * that hangs then costs one time-out a round, and not one for each of its partitions.
	 */
	private void visitAnswering(Predicate<ExpiryDispatcher> condition, Consumer<ExpiryDispatcher> visit) {
		Throwable failure = null;
		for (ExpiryDispatcher partition : answeringWithFailingLast(condition)) {
			if (failure != null && this.failing.contains(partition)) {
				continue;
			}
			try {
				visit.accept(partition);
				this.failing.remove(partition);
			}
			catch (Throwable ex) {
				this.failing.add(partition);
				this.open.add(partition);
				failure = ex;
			}
		}
		if (failure != null) {
			throw new CompletionException(failure);
		}
	}

	private List<ExpiryDispatcher> answeringWithFailingLast(Predicate<ExpiryDispatcher> condition) {
		return this.partitions.stream()
			.filter((partition) -> !this.silent.contains(partition))
			.filter(condition)
			.sorted(Comparator.comparing(this.failing::contains))
			.toList();
	}

	/**
	 * Checks the open partitions, and all of them if not all answer.
	 * @return of those that answer: the milliseconds until an expiry is due, 0 for now,
	 * -1 for never
	 * @throws CompletionException if Redis does not answer for any of them
	 */
	private Map<ExpiryDispatcher, Long> check() {
		if (!this.separately) {
			List<ExpiryDispatcher> checked = List.copyOf(this.open);
			CompletableFuture<List<Long>> all = send(
					() -> this.scripts.runAll(checked.stream().map(ExpiryDispatcher::peek).toList()));
			if (hasReply(all)) {
				this.silent = Set.of();
				return byPartition(checked, all.join());
			}
			this.open.addAll(this.partitions);
		}
		return checkSeparately();
	}

	private static Map<ExpiryDispatcher, Long> byPartition(List<ExpiryDispatcher> checked, List<Long> replies) {
		Map<ExpiryDispatcher, Long> untilDue = new HashMap<>();
		for (int i = 0; i < replies.size(); i++) {
			untilDue.put(checked.get(i), replies.get(i));
		}
		return untilDue;
	}

	/**
	 * Waits only for the checks that are sent now: one without a reply in an earlier
	 * round may have it by the next.
	 */
	private Map<ExpiryDispatcher, Long> checkSeparately() {
		List<CompletableFuture<Long>> sent = new ArrayList<>();
		for (ExpiryDispatcher partition : this.open) {
			if (!this.checks.containsKey(partition)) {
				CompletableFuture<Long> check = send(() -> this.scripts.run(partition.peek()));
				this.checks.put(partition, check);
				sent.add(check);
			}
		}
		hasReply(CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)));
		return collectReplies();
	}

	/** Sends a check from another thread, or waits for it if none can be started. */
	private <T> CompletableFuture<T> send(Supplier<T> check) {
		try {
			return CompletableFuture.supplyAsync(check, this.threads);
		}
		catch (Throwable ex) {
			logger.debug("No thread for a check", ex);
			return CompletableFuture.supplyAsync(check, Runnable::run);
		}
	}

	private Map<ExpiryDispatcher, Long> collectReplies() {
		Map<ExpiryDispatcher, CompletableFuture<Long>> done = new HashMap<>(this.checks);
		done.values().removeIf((check) -> !check.isDone());
		this.checks.keySet().removeAll(done.keySet());
		Map<ExpiryDispatcher, Long> untilDue = new HashMap<>();
		Set<ExpiryDispatcher> unanswered = new HashSet<>(this.silent);
		unanswered.addAll(this.checks.keySet());
		CompletableFuture<Long> failed = null;
		for (Map.Entry<ExpiryDispatcher, CompletableFuture<Long>> check : done.entrySet()) {
			if (check.getValue().isCompletedExceptionally()) {
				failed = check.getValue();
				unanswered.add(check.getKey());
			}
			else {
				unanswered.remove(check.getKey());
				untilDue.put(check.getKey(), check.getValue().join());
			}
		}
		this.silent = unanswered;
		logChange(this.partitions.size() - unanswered.size());
		if (unanswered.size() == this.partitions.size() && failed != null) {
			failed.join();
		}
		return untilDue;
	}

	private void logChange(int answering) {
		int all = this.partitions.size();
		boolean some = answering > 0 && answering < all;
		if (some && !this.separately) {
			logger.warn("{} of {} partitions do not answer: their expired locks are published once they do",
					all - answering, all);
		}
		else if (this.separately && answering == all) {
			logger.info("All partitions answer again");
		}
		this.separately = some;
	}

	private static boolean hasReply(CompletableFuture<?> check) {
		try {
			check.get(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Not all partitions answer", ex);
			return false;
		}
		catch (InterruptedException ex) {
			// The thread ends by stop(), not by an interrupt.
			return false;
		}
	}

	/** Ends the threads, except those that still wait for Redis. */
	@Override
	public void close() {
		this.threads.shutdown();
	}

}
