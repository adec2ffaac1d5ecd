package io.locky.advice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import io.locky.LockyOperations;
import io.locky.event.LockAcquiredEvent;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;

/**
 * The points that calls pass, each with the state of the lock there, as Redis has it.
 */
public class Trace {

	private static final Duration INTERVAL = Duration.ofMillis(2);

	/** Lockers that lock without an annotation. */
	private static final Set<String> OTHERS = Set.of("ann", "thief");

	private final ObjectProvider<LockyOperations> locks;

	private final Map<String, List<Point>> points = new ConcurrentHashMap<>();

	private final List<LockAcquiredEvent> acquired = new CopyOnWriteArrayList<>();

	private final AtomicReference<@Nullable Runnable> onNextLock = new AtomicReference<>();

	public Trace(ObjectProvider<LockyOperations> locks) {
		this.locks = locks;
	}

	/**
	 * Records a point, the first time that it is passed.
	 * @param resource the resource whose lock is looked at
	 * @param name the name of the point
	 * @return always true, for expressions in annotations
	 */
	public boolean at(String resource, String name) {
		boolean held = this.locks.getObject().getLocker(resource) != null;
		List<Point> passed = this.points.computeIfAbsent(resource, (key) -> new ArrayList<>());
		synchronized (passed) {
			if (passed.stream().noneMatch((point) -> point.name().equals(name))) {
				passed.add(new Point(name, held));
			}
		}
		return true;
	}

	/** Records a point that a release in another thread may come after. */
	void atLast(String resource, String name) {
		await().until(() -> this.locks.getObject().getLocker(resource) == null);
		at(resource, name);
	}

	void awaitPoint(String resource, String name) {
		await().until(() -> passed(resource, name));
	}

	boolean passed(String resource, String name) {
		return points(resource).stream().anyMatch((point) -> point.name().equals(name));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).pollInterval(INTERVAL);
	}

	@EventListener
	public void on(LockAcquiredEvent event) {
		if (!OTHERS.contains(event.getLocker())) {
			this.acquired.add(event);
			Runnable action = this.onNextLock.getAndSet(null);
			if (action != null) {
				action.run();
			}
		}
	}

	/** Runs an action when the next lock is acquired, before its method starts. */
	void onNextLock(Runnable action) {
		this.onNextLock.set(action);
	}

	/** How many locks were acquired by annotated methods. */
	int acquired() {
		return this.acquired.size();
	}

	void clear(String resource) {
		this.points.remove(resource);
		this.acquired.removeIf((event) -> event.getResource().equals(resource));
	}

	private List<Point> points(String resource) {
		List<Point> passed = this.points.getOrDefault(resource, List.of());
		synchronized (passed) {
			return List.copyOf(passed);
		}
	}

	/**
	 * The cells of a table: where the lock was free, where it was held, where it was free
	 * again, and how often it was acquired.
	 */
	String cells(String resource) {
		List<String> cells = new ArrayList<>();
		StringBuilder cell = new StringBuilder();
		boolean held = false;
		for (Point point : points(resource)) {
			if (point.held() != held) {
				cells.add(cell.toString());
				cell.setLength(0);
				held = point.held();
			}
			cell.append(cell.isEmpty() ? "" : ", ").append(point.name());
		}
		cells.add(cell.toString());
		while (cells.size() < 3) {
			cells.add("");
		}
		return String.join(" | ", cells) + " | "
				+ this.acquired.stream().filter((event) -> event.getResource().equals(resource)).count();
	}

	private record Point(String name, boolean held) {

	}

}
