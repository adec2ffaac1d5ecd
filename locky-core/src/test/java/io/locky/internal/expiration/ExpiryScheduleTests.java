package io.locky.internal.expiration;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExpiryScheduleTests {

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private static final Duration LONG = Duration.ofDays(1);

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);

	private final ExpirySchedule schedule = new ExpirySchedule(64, INTERVAL, this.nanoTime::get);

	@Test
	void allPartitionsAreLookedAtWithinTheInterval() {
		assertThat(this.schedule.begin().cardinality()).isEqualTo(64);
		Duration pause = this.schedule.sleep(LONG);
		assertThat(pause).isBetween(Duration.ofSeconds(9), INTERVAL.minusMillis(100));
		pass(pause.minusNanos(1));
		assertThat(this.schedule.begin().cardinality()).isZero();
		pass(Duration.ofNanos(1));
		assertThat(this.schedule.begin().cardinality()).isEqualTo(64);
	}

	@Test
	void partitionIsLookedAtWhenItIsDue() {
		this.schedule.begin();
		this.schedule.due(7, Duration.ofSeconds(3));
		this.schedule.due(8, Duration.ofSeconds(2));
		this.schedule.due(7, Duration.ofSeconds(4));
		this.schedule.due(9, null);
		assertThat(this.schedule.sleep(LONG)).isEqualTo(Duration.ofSeconds(2));
		pass(Duration.ofSeconds(2));
		assertThat(this.schedule.begin().stream()).containsExactly(8);
		assertThat(this.schedule.sleep(LONG)).isEqualTo(Duration.ofSeconds(1));
		pass(Duration.ofSeconds(1));
		assertThat(this.schedule.begin().stream()).containsExactly(7);
		assertThat(this.schedule.begin().stream()).isEmpty();
	}

	@Test
	void hintDuringALookIsNotForgotten() {
		this.schedule.begin();
		assertThat(this.schedule.due(7, Duration.ofSeconds(1))).as("no need to wake it").isFalse();
		this.schedule.due(7, null);
		assertThat(this.schedule.sleep(LONG)).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void onlyAnEarlierHintWakesASleepingWorker() {
		this.schedule.begin();
		this.schedule.due(7, Duration.ofSeconds(3));
		this.schedule.sleep(LONG);
		assertThat(this.schedule.due(8, Duration.ofSeconds(3))).isFalse();
		assertThat(this.schedule.due(8, Duration.ofMillis(2999))).isTrue();
		assertThat(this.schedule.due(9, Duration.ofMillis(Long.MAX_VALUE))).isFalse();
	}

	@Test
	void lookIsBroughtForwardAndNotPutOff() {
		this.schedule.begin();
		this.schedule.look(Duration.ofSeconds(1));
		this.schedule.look(Duration.ofSeconds(5));
		assertThat(this.schedule.sleep(LONG)).isEqualTo(Duration.ofSeconds(1));
		this.schedule.look(Duration.ZERO);
		assertThat(this.schedule.begin().cardinality()).isEqualTo(64);
	}

	private void pass(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
	}

}
