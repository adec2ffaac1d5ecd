package io.locky.test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The requests that wait, per resource in the order of their arrival. Not thread-safe.
 */
final class WaitingRequests {

	private final Map<String, Set<PendingLock>> byResource = new LinkedHashMap<>();

	void add(PendingLock request) {
		this.byResource.computeIfAbsent(request.resource(), (resource) -> new LinkedHashSet<>()).add(request);
	}

	/**
	 * Removes a request.
	 * @param request the request
	 * @return whether it was waiting
	 */
	boolean remove(PendingLock request) {
		Set<PendingLock> line = this.byResource.getOrDefault(request.resource(), Set.of());
		boolean removed = line.contains(request) && line.remove(request);
		if (removed && line.isEmpty()) {
			this.byResource.remove(request.resource());
		}
		return removed;
	}

	@Nullable PendingLock pollFirst(String resource, Predicate<PendingLock> condition) {
		PendingLock first = this.byResource.getOrDefault(resource, Set.of())
			.stream()
			.filter(condition)
			.findFirst()
			.orElse(null);
		if (first != null) {
			remove(first);
		}
		return first;
	}

	@Nullable PendingLock pollEnded(long now) {
		PendingLock first = all().stream().min(Comparator.comparingLong(PendingLock::waitEnd)).orElse(null);
		return (first != null && first.waitEnd() <= now && remove(first)) ? first : null;
	}

	long nextEnd() {
		return all().stream().mapToLong(PendingLock::waitEnd).min().orElse(MemoryGrant.NEVER);
	}

	int count(String resource) {
		return this.byResource.getOrDefault(resource, Set.of()).size();
	}

	List<PendingLock> all() {
		List<PendingLock> all = new ArrayList<>();
		this.byResource.values().forEach(all::addAll);
		return all;
	}

	void clear() {
		this.byResource.clear();
	}

}
