package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.lang.Contract;

/**
 * Finds the partitions that have an expiry to publish, and visits all that answer. Used
 * by one thread.
 * <p>
 * Of many partitions, most have nothing due. All are checked at once with a call that
 * changes nothing, because a claim would be lost with its reply. One pipeline checks
 * them, as long as all answer. Otherwise each is checked on its own, so that the
 * partitions of a master that is gone, or of a slot that is being moved, do not delay the
 * others.
 */
final class DuePartitions implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DuePartitions.class);

	private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(1);

	private final ScriptRunner scripts;

	private final List<ExpiryDispatcher> partitions;

	private final ExecutorService threads;

	/** Separate checks of this and of earlier rounds that have no reply yet. */
	private final Map<ExpiryDispatcher, CompletableFuture<Long>> checks = new HashMap<>();

	/** Partitions that did not answer in the last round. */
	private Set<ExpiryDispatcher> silent = Set.of();

	/** Partitions whose last visit failed. */
	private final Set<ExpiryDispatcher> failing = new HashSet<>();

	private boolean separately;

	DuePartitions(ScriptRunner scripts, List<ExpiryDispatcher> partitions) {
		this(scripts, partitions, DaemonThreads.named("locky-peek-"));
	}

	DuePartitions(ScriptRunner scripts, List<ExpiryDispatcher> partitions, ThreadFactory threads) {
		this.scripts = scripts;
		this.partitions = partitions;
		this.threads = Executors.newCachedThreadPool(threads);
	}

	/**
	 * Publishes what is due in all partitions that answer, and settles the others of
	 * them.
	 * @return the time until there may be more, or {@code null} if no lock has a deadline
	 * @throws CompletionException if Redis does not answer for any of them, or a visit
	 * failed, after the others were visited
	 */
	@Nullable Duration dispatchDue() {
		if (this.partitions.size() == 1) {
			return visitAnswering(ExpiryDispatcher::dispatchDue);
		}
		Map<ExpiryDispatcher, Long> untilDue = check();
		Duration next = untilDue.values()
			.stream()
			.filter((millis) -> millis > 0)
			.min(Comparator.naturalOrder())
			.map(Duration::ofMillis)
			.orElse(null);
		return min(next, visitAnswering((partition) -> {
			if (untilDue.getOrDefault(partition, -1L) == 0 || partition.isIncomplete()) {
				return partition.dispatchDue();
			}
			partition.settle();
			return null;
		}));
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
		visitAnswering((partition) -> {
			partition.settle();
			return null;
		});
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
	private @Nullable Duration visitAnswering(Visit visit) {
		Duration next = null;
		Throwable failure = null;
		for (ExpiryDispatcher partition : answeringWithFailingLast()) {
			if (failure != null && this.failing.contains(partition)) {
				continue;
			}
			try {
				next = min(next, visit.to(partition));
				this.failing.remove(partition);
			}
			catch (Throwable ex) {
				this.failing.add(partition);
				failure = ex;
			}
		}
		if (failure != null) {
			throw new CompletionException(failure);
		}
		return next;
	}

	private List<ExpiryDispatcher> answeringWithFailingLast() {
		return this.partitions.stream()
			.filter((partition) -> !this.silent.contains(partition))
			.sorted(Comparator.comparing(this.failing::contains))
			.toList();
	}

	/**
	 * Checks all partitions.
	 * @return of those that answer: the milliseconds until an expiry is due, 0 for now,
	 * -1 for never
	 * @throws CompletionException if Redis does not answer for any of them
	 */
	private Map<ExpiryDispatcher, Long> check() {
		if (!this.separately) {
			CompletableFuture<List<Long>> all = send(
					() -> this.scripts.runAll(this.partitions.stream().map(ExpiryDispatcher::peek).toList()));
			if (hasReply(all)) {
				this.silent = Set.of();
				return byPartition(all.join());
			}
		}
		return checkSeparately();
	}

	private Map<ExpiryDispatcher, Long> byPartition(List<Long> replies) {
		Map<ExpiryDispatcher, Long> untilDue = new HashMap<>();
		for (int i = 0; i < replies.size(); i++) {
			untilDue.put(this.partitions.get(i), replies.get(i));
		}
		return untilDue;
	}

	/**
	 * Waits only for the checks that are sent now: one without a reply in an earlier
	 * round may have it by the next.
	 */
	private Map<ExpiryDispatcher, Long> checkSeparately() {
		List<CompletableFuture<Long>> sent = new ArrayList<>();
		for (ExpiryDispatcher partition : this.partitions) {
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
		List<CompletableFuture<Long>> failed = done.values()
			.stream()
			.filter(CompletableFuture::isCompletedExceptionally)
			.toList();
		done.values().removeAll(failed);
		this.silent = this.partitions.stream()
			.filter((partition) -> !done.containsKey(partition))
			.collect(Collectors.toSet());
		logChange(done.size());
		if (done.isEmpty() && !failed.isEmpty()) {
			failed.get(0).join();
		}
		Map<ExpiryDispatcher, Long> untilDue = new HashMap<>();
		done.forEach((partition, check) -> untilDue.put(partition, check.join()));
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

	@Contract("!null, _ -> !null; _, !null -> !null")
	private static @Nullable Duration min(@Nullable Duration one, @Nullable Duration other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return (one.compareTo(other) < 0) ? one : other;
	}

	/** Ends the threads, except those that still wait for Redis. */
	@Override
	public void close() {
		this.threads.shutdown();
	}

	private interface Visit {

		@Nullable Duration to(ExpiryDispatcher partition);

	}

}
