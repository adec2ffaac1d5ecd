package io.locky.internal.redis;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.ClusterSlotHashUtil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LockyKeysTests {

	@ParameterizedTest
	@ValueSource(strings = { "article:12", "123456789", "ä", "日本", "a b" })
	void checksumIsThatOfRedisCluster(String text) {
		assertThat(Crc16.of(text) % 16384).isEqualTo(ClusterSlotHashUtil.calculateSlot(text));
	}

	@Test
	void keysOfAnyResourceAreInOneSlot() {
		LockyKeys keys = LockyKeys.ofCluster("locky:");
		for (String resource : new String[] { "article:12", "{a}b", "}{", "{}" }) {
			LockyPartition partition = keys.partitionOf(resource);
			assertThat(partition.lock(resource)).isEqualTo("locky:{%d}:lock:%s", partition.number(), resource);
			assertThat(ClusterSlotHashUtil.calculateSlot(partition.lock(resource)))
				.isEqualTo(ClusterSlotHashUtil.calculateSlot(partition.records()))
				.isEqualTo(ClusterSlotHashUtil.calculateSlot(partition.fence()));
		}
	}

	@Test
	void resourcesSpreadOverAllPartitions() {
		LockyKeys keys = LockyKeys.ofCluster("locky:");
		Set<Integer> used = IntStream.range(0, 2000)
			.mapToObj((number) -> keys.partitionOf("article:" + number).number())
			.collect(Collectors.toSet());
		assertThat(used).hasSize(64);
	}

	@Test
	void prefixWithAHashTagIsOnePartition() {
		LockyKeys keys = LockyKeys.ofCluster("{locky}:");
		assertThat(keys.partitions()).hasSize(1);
		assertThat(keys.partitionOf("x").lock("x")).isEqualTo("{locky}:lock:x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a{b:", "}{", "{{locky}:", "{a}{b}:", "x}:" })
	void keysWithAnyPrefixAreInOneSlot(String prefix) {
		LockyPartition partition = LockyKeys.ofCluster(prefix).partitionOf("article:12");
		assertThat(ClusterSlotHashUtil.calculateSlot(partition.lock("article:12")))
			.isEqualTo(ClusterSlotHashUtil.calculateSlot(partition.records()))
			.isEqualTo(ClusterSlotHashUtil.calculateSlot(partition.fence()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}:", "{}{locky}:", "a{}b:" })
	void prefixWithAnEmptyHashTagIsRefusedOnACluster(String prefix) {
		assertThatIllegalArgumentException().isThrownBy(() -> LockyKeys.ofCluster(prefix))
			.withMessageContaining("empty hash tag");
	}

	@Test
	void sharingWithNpmNeedsOnePartition() {
		assertThat(LockyKeys.ofCluster("{locky}:").withNpmInterop().isNpmInterop()).isTrue();
		assertThatIllegalArgumentException().isThrownBy(() -> LockyKeys.ofCluster("locky:").withNpmInterop())
			.withMessageContaining("does not support partitions");
	}

}
