package io.locky.internal.redis;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeadlineHintTests {

	@Test
	void hintHasTheTimeThatIsLeftAndAKeyWithColons() {
		assertThat(DeadlineHint.read("deadline:400:a:{17}:deadlines"))
			.isEqualTo(new DeadlineHint("a:{17}:deadlines", Duration.ofMillis(400)));
		assertThat(DeadlineHint.read("deadline:-1:x")).isEqualTo(new DeadlineHint("x", Duration.ZERO));
	}

	@Test
	void hintOfAnEarlierVersionIsForAllPartitionsNow() {
		assertThat(DeadlineHint.read("deadline")).isEqualTo(new DeadlineHint(null, Duration.ZERO));
	}

	@Test
	void dueNowIsRead() {
		LockyPartition partition = LockyKeys.ofCluster("a:").partitions().get(17);
		assertThat(DeadlineHint.read(DeadlineHint.dueNow(partition)))
			.isEqualTo(new DeadlineHint("a:{17}:deadlines", Duration.ZERO));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "deadlines", "deadline:", "deadline:1", "deadline::x", "deadline:x:y",
			"deadline:99999999999999999999:x", "released:deadline:1:x" })
	void otherTextsAreNoHints(String text) {
		assertThat(DeadlineHint.read(text)).isNull();
	}

}
