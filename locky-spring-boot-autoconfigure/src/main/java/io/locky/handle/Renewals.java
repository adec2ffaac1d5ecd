package io.locky.handle;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The handles that are renewed, found by their resource: usually one of each.
 */
final class Renewals {

	private final Map<String, List<Renewal>> byResource = new ConcurrentHashMap<>();

	void add(Renewal renewal) {
		this.byResource.merge(renewal.handle().resource(), List.of(renewal),
				(known, added) -> Stream.concat(known.stream(), added.stream()).toList());
	}

	void remove(FencedLockHandle handle) {
		this.byResource.computeIfPresent(handle.resource(), (resource, known) -> {
			List<Renewal> left = known.stream().filter((renewal) -> renewal.handle() != handle).toList();
			return left.isEmpty() ? null : left;
		});
	}

	List<FencedLockHandle> handlesOf(String resource) {
		return this.byResource.getOrDefault(resource, List.of()).stream().map(Renewal::handle).toList();
	}

	List<Renewal> all() {
		return this.byResource.values().stream().flatMap(Collection::stream).toList();
	}

}
