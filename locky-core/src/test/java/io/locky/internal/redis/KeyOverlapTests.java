package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.locky.KeyPrefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * No key of one prefix is a key of another one, whatever the resources are called.
 */
class KeyOverlapTests {

	/** The parts of keys, and parts of these parts: prefixes are made of them. */
	private static final List<String> PIECES = List.of("a", "a:", "locky:", "lock:", "lo", "ck:", "k:", ":", "lock",
			"s", "current:", "locks", "records", "unacked", "settings", "fence", "{", "}", "{1", "{17}", "{17}:",
			"{64}:", "{b}:", "people:", "line:");

	private static final Set<String> PREFIXES = prefixes();

	private static final Set<Integer> PARTITIONS = Set.of(0, 1, 17, 63);

	private static Set<String> prefixes() {
		Set<String> prefixes = new TreeSet<>(PIECES);
		for (String first : PIECES) {
			for (String second : PIECES) {
				prefixes.add(first + second);
				PIECES.forEach((third) -> prefixes.add(first + second + third));
			}
		}
		return prefixes;
	}

	@Test
	void keysOfAllowedPrefixesNeverMeet() {
		assertThat(meetings((prefix) -> LockyKeys.of(KeyPrefix.require(prefix, "prefix")))).isEmpty();
	}

	@Test
	void keysOfAllowedPrefixesNeverMeetOnACluster() {
		assertThat(meetings((prefix) -> LockyKeys.ofCluster(KeyPrefix.require(prefix, "prefix")))).isEmpty();
	}

	@Test
	void nothingIsRefusedWithoutNeed() {
		Set<String> needed = new TreeSet<>();
		meetings(LockyKeys::of).forEach((meeting) -> needed.add(meeting.longer()));
		Set<String> refused = new TreeSet<>(PREFIXES);
		refused.removeIf((prefix) -> isAllowed(prefix, (text) -> KeyPrefix.require(text, "prefix")));
		assertThat(refused).isEqualTo(needed).contains("locky:lock:").hasSizeGreaterThan(100);
	}

	@ParameterizedTest
	@ValueSource(strings = { "locky:{17}:", "a{b{0}:", "}{63}:" })
	void prefixOfAPartitionIsRefusedOnACluster(String prefix) {
		assertThatIllegalArgumentException().isThrownBy(() -> LockyKeys.ofCluster(prefix))
			.withMessageContaining("hash tag of a partition")
			.withMessageContaining(prefix);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{17}:", "locky:{64}:", "locky:{17}", "{a}{17}:", "locky:{17}:a:", "locky:{007}:" })
	void prefixWithANumberElsewhereIsOnePartition(String prefix) {
		assertThat(LockyKeys.ofCluster(prefix).partitions()).hasSize(1);
	}

	private static boolean isAllowed(String prefix, Function<String, ?> use) {
		try {
			use.apply(prefix);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/** Keys can only be the same if one prefix is the start of the other one. */
	private static List<Meeting> meetings(Function<String, LockyKeys> naming) {
		Map<String, Names> allowed = new HashMap<>();
		PREFIXES.stream()
			.filter((prefix) -> isAllowed(prefix, naming))
			.forEach((prefix) -> allowed.put(prefix, Names.of(naming.apply(prefix))));
		List<Meeting> meetings = new ArrayList<>();
		allowed.forEach((longer, names) -> {
			for (int length = 1; length < longer.length(); length++) {
				Names shorter = allowed.get(longer.substring(0, length));
				if (shorter != null && shorter.meet(names)) {
					meetings.add(new Meeting(longer.substring(0, length), longer));
				}
			}
		});
		return meetings;
	}

	private record Meeting(String shorter, String longer) {

	}

	/**
	 * The keys of a prefix, of some of its partitions.
	 *
	 * @param fixed those that have one name
	 * @param locks what the keys of locks and of other things of a resource start with
	 */
	private record Names(Set<String> fixed, List<String> locks) {

		static Names of(LockyKeys keys) {
			List<LockyPartition> some = keys.partitions()
				.stream()
				.filter((partition) -> PARTITIONS.contains(partition.number()))
				.toList();
			Set<String> fixed = some.stream()
				.flatMap((partition) -> Stream.of(partition.records(), partition.deadlines(), partition.unacked(),
						partition.fence(), partition.log(), partition.npmIndex(), partition.waiting(),
						partition.lockers()))
				.collect(Collectors.toSet());
			fixed.add(keys.settings());
			return new Names(fixed,
					some.stream()
						.flatMap((partition) -> Stream.of(partition.lock(""), partition.line(""),
								partition.handovers(""), partition.presence(""), partition.history("")))
						.toList());
		}

		boolean meet(Names other) {
			return !Collections.disjoint(this.fixed, other.fixed) || this.locksMeet(other.fixed)
					|| other.locksMeet(this.fixed)
					|| this.locks.stream().anyMatch((one) -> other.locks.stream().anyMatch((two) -> meet(one, two)));
		}

		private boolean locksMeet(Set<String> keys) {
			return this.locks.stream()
				.anyMatch((start) -> keys.stream()
					.anyMatch((key) -> key.startsWith(start) && key.length() > start.length()));
		}

		/** Whether there are resources for which both locks have the same key. */
		private static boolean meet(String one, String other) {
			return one.startsWith(other) || other.startsWith(one);
		}

	}

}
