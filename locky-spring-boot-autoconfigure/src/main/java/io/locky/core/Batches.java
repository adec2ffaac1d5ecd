package io.locky.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.locky.redis.LockyKeys;

/**
 * Splits resources so that each part can be sent as one command: by partition, in a fixed
 * order, and not too many at once for others to wait.
 */
final class Batches {

	private static final int MOST = 500;

	private final LockyKeys keys;

	Batches(LockyKeys keys) {
		this.keys = keys;
	}

	List<List<String>> split(List<String> resources) {
		List<List<String>> batches = new ArrayList<>();
		for (List<String> partition : byPartition(resources)) {
			for (int from = 0; from < partition.size(); from += MOST) {
				batches.add(partition.subList(from, Math.min(from + MOST, partition.size())));
			}
		}
		return batches;
	}

	List<List<String>> byPartition(List<String> resources) {
		Map<Integer, List<String>> partitions = new TreeMap<>();
		for (String resource : resources) {
			partitions.computeIfAbsent(this.keys.partitionOf(resource).number(), (key) -> new ArrayList<>())
				.add(resource);
		}
		return List.copyOf(partitions.values());
	}

}
