package io.locky.comparison;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;

/**
 * One of two engines that run the same operations. Its answers are texts in which fences
 * are numbers in the order in which they were seen, and leases are classes of length, so
 * that those of both engines can be compared.
 */
final class Side {

	private final LockyOperations locks;

	private final Leases leases;

	private final Supplier<Collection<LockyEvent>> events;

	private final Map<Long, Integer> numbers = new HashMap<>();

	private final List<Long> fences = new ArrayList<>();

	private final List<LockHandle> handles = new ArrayList<>();

	private final List<CompletableFuture<LockAttempt>> waiting = new ArrayList<>();

	private int losses;

	Side(LockyOperations locks, Leases leases, Supplier<Collection<LockyEvent>> events) {
		this.locks = locks;
		this.leases = leases;
		this.events = events;
	}

	LockyOperations locks() {
		return this.locks;
	}

	/** The actual fence of a number; one that no grant has for an unknown number. */
	long fence(int number) {
		return (number < this.fences.size()) ? this.fences.get(number) : 1;
	}

	int knownFences() {
		return this.fences.size();
	}

	int knownHandles() {
		return this.handles.size();
	}

	LockHandle handle(int index) {
		return this.handles.get(index);
	}

	String answer(Supplier<Object> operation) {
		try {
			return String.valueOf(operation.get());
		}
		catch (IllegalArgumentException ex) {
			return ex.getClass().getSimpleName();
		}
	}

	private String number(long fence) {
		return "#" + this.numbers.computeIfAbsent(fence, (unknown) -> {
			this.fences.add(unknown);
			return this.fences.size() - 1;
		});
	}

	String text(LockAttempt attempt) {
		if (attempt instanceof LockAttempt.Acquired acquired) {
			LockHandle handle = acquired.handle();
			handle.onLost(this::countLoss);
			this.handles.add(handle);
			return "granted " + handle.resource() + " " + handle.locker() + " " + number(handle.fence());
		}
		LockInfo blocking = ((LockAttempt.Denied) attempt).lock();
		return "denied " + ((blocking != null) ? text(blocking) : "by nobody");
	}

	private synchronized void countLoss() {
		this.losses++;
	}

	synchronized int losses() {
		return this.losses;
	}

	String text(LockInfo lock) {
		return "%s %s %s %s %s".formatted(lock.resource(), lock.locker(), number(lock.fence()),
				this.leases.kind(lock.expiresIn()), lock.note());
	}

	String text(LockRefresh refresh) {
		return refresh.held() ? "held " + this.leases.kind(refresh.expiresIn()) : "gone";
	}

	String list(LockQuery query) {
		List<LockInfo> found = new ArrayList<>();
		LockPage page = this.locks.list(query);
		found.addAll(page.locks());
		while (page.cursor() != null) {
			page = this.locks.list(query.after(page.cursor()));
			found.addAll(page.locks());
		}
		return found.stream()
			.sorted((one, other) -> one.resource().compareTo(other.resource()))
			.map(this::text)
			.distinct()
			.toList()
			.toString();
	}

	void startWaiting(LockRequest request) {
		this.waiting.add(this.locks.tryLockAsync(request));
	}

	int started() {
		return this.waiting.size();
	}

	boolean isDone(int index) {
		return this.waiting.get(index).isDone();
	}

	void cancel(int index) {
		this.waiting.get(index).cancel(false);
	}

	/** The result of a request that is done, or must be soon. */
	String result(int index) throws Exception {
		CompletableFuture<LockAttempt> result = this.waiting.get(index);
		return result.isCancelled() ? "cancelled" : text(result.get(10, TimeUnit.SECONDS));
	}

	int countEvents() {
		return this.events.get().size();
	}

	/**
	 * The events of a resource: grants in the order of their fences, and then others.
	 * Several threads publish those of Redis, so that a request that has waited may
	 * publish its grant before the release that it has waited for.
	 */
	List<String> events(String resource) {
		List<LockyEvent> all = this.events.get()
			.stream()
			.filter((event) -> event.getResource().equals(resource))
			.toList();
		List<String> texts = new ArrayList<>(all.stream()
			.filter(LockAcquiredEvent.class::isInstance)
			.sorted(Comparator.comparingLong(LockyEvent::getFence))
			.map(this::text)
			.toList());
		texts.addAll(all.stream()
			.filter((event) -> !(event instanceof LockAcquiredEvent))
			.map(this::text)
			.sorted()
			.toList());
		return texts;
	}

	private String text(LockyEvent event) {
		String previous = (event instanceof LockTakenOverEvent takenOver) ? " from " + takenOver.getPreviousLocker()
				: "";
		return event.getClass().getSimpleName() + " " + event.getLocker() + " " + number(event.getFence()) + previous;
	}

}
