package io.locky.internal.expiration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.locky.internal.expiration.ExpiryPublisher.KeyedExecutor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeyedExecutorTests {

	private static final int TASKS = 2000;

	@Test
	void tasksOfOneKeyRunInTheirOrder() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		KeyedExecutor executor = new KeyedExecutor(threads);
		Map<String, List<Integer>> ran = new ConcurrentHashMap<>();
		for (int i = 0; i < TASKS; i++) {
			String key = "key-" + i % 7;
			int number = i;
			executor.execute(key, () -> {
				ran.computeIfAbsent(key, (k) -> new CopyOnWriteArrayList<>()).add(number);
				if (number % 500 == 0) {
					throw new IllegalStateException("A task that fails on purpose");
				}
			});
		}
		threads.shutdown();
		assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		for (int key = 0; key < 7; key++) {
			int first = key;
			assertThat(ran.get("key-" + key))
				.containsExactlyElementsOf(IntStream.range(0, TASKS).filter((i) -> i % 7 == first).boxed().toList());
		}
	}

	@Test
	void refusedTaskDoesNotBlockItsKey() {
		List<Integer> ran = new ArrayList<>();
		AtomicBoolean failing = new AtomicBoolean(true);
		KeyedExecutor executor = new KeyedExecutor((task) -> {
			if (failing.get()) {
				throw new OutOfMemoryError("unable to create native thread, on purpose");
			}
			task.run();
		});
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> executor.execute("key", () -> ran.add(1)));
		failing.set(false);
		executor.execute("key", () -> ran.add(2));
		assertThat(ran).containsExactly(2);
	}

}
