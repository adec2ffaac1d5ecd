package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Asks all partitions when there is something to tell: in one pipeline as long as all
 * answer. Otherwise one by one, so that those of a master that is gone, or of a slot that
 * is being moved, keep nobody else waiting. Used by one thread.
 */
final class DuePartitions implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DuePartitions.class);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final long UNKNOWN = -1;

	private final ScriptRunner scripts;

	private final List<ScriptCall<Long>> calls;

	private final ExecutorService threads = Executors.newCachedThreadPool(newThreads());

	/** Questions of this and of earlier rounds that were asked apart, by partition. */
	private final Map<Integer, CompletableFuture<Long>> asked = new HashMap<>();

	/** Partitions that did not answer in the last round. */
	private Set<Integer> silent = Set.of();

	private boolean apart;

	DuePartitions(ScriptRunner scripts, List<ScriptCall<Long>> calls) {
		this.scripts = scripts;
		this.calls = calls;
	}

	private static ThreadFactory newThreads() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("locky-peek-");
		threads.setDaemon(true);
		return threads;
	}

	/**
	 * Asks all partitions.
	 * @return the milliseconds of each, 0 for now, -1 for never or not known
	 * @throws CompletionException if Redis does not answer for any of them
	 */
	List<Long> ask() {
		if (!this.apart) {
			CompletableFuture<List<Long>> together = CompletableFuture
				.supplyAsync(() -> this.scripts.runAll(this.calls), this.threads);
			if (hasAnswer(together)) {
				this.silent = Set.of();
				return together.join();
			}
		}
		return askApart();
	}

	/**
	 * Waits for those that are asked now. Who did not answer last time may answer later.
	 */
	private List<Long> askApart() {
		List<CompletableFuture<Long>> now = new ArrayList<>();
		for (int i = 0; i < this.calls.size(); i++) {
			ScriptCall<Long> call = this.calls.get(i);
			if (!this.asked.containsKey(i)) {
				this.asked.put(i, CompletableFuture.supplyAsync(() -> this.scripts.run(call), this.threads));
				now.add(this.asked.get(i));
			}
		}
		hasAnswer(CompletableFuture.allOf(now.toArray(CompletableFuture[]::new)));
		return collect();
	}

	private List<Long> collect() {
		Map<Integer, CompletableFuture<Long>> done = new HashMap<>(this.asked);
		done.values().removeIf((question) -> !question.isDone());
		this.asked.keySet().removeAll(done.keySet());
		List<CompletableFuture<Long>> failed = done.values()
			.stream()
			.filter(CompletableFuture::isCompletedExceptionally)
			.toList();
		done.values().removeAll(failed);
		this.silent = IntStream.range(0, this.calls.size())
			.filter((i) -> !done.containsKey(i))
			.boxed()
			.collect(Collectors.toSet());
		conclude(done.size());
		if (done.isEmpty() && !failed.isEmpty()) {
			failed.get(0).join();
		}
		return IntStream.range(0, this.calls.size())
			.mapToObj((i) -> done.containsKey(i) ? done.get(i).join() : UNKNOWN)
			.toList();
	}

	private void conclude(int known) {
		boolean some = known > 0 && known < this.calls.size();
		if (some && !this.apart) {
			logger.warn("{} of {} partitions do not answer: their expired locks are announced once they do",
					this.calls.size() - known, this.calls.size());
		}
		else if (this.apart && known == this.calls.size()) {
			logger.info("All partitions answer again");
		}
		this.apart = some;
	}

	/**
	 * Whether a partition answered when it was asked last, or was never asked.
	 * @param partition its place among the calls
	 * @return whether it can be expected to answer
	 */
	boolean isAnswering(int partition) {
		return !this.silent.contains(partition);
	}

	private static boolean hasAnswer(CompletableFuture<?> question) {
		try {
			question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Not all partitions answer", ex);
			return false;
		}
		catch (InterruptedException ex) {
			// Whoever means to end this thread says so in another way.
			return false;
		}
	}

	/** Ends the threads, without those that Redis keeps waiting. */
	@Override
	public void close() {
		this.threads.shutdown();
	}

}
