package io.locky.internal.lock;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.internal.lock.Operations.Operation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OperationsTests {

	private final AtomicLong nanoTime = new AtomicLong();

	private final Operations operations = new Operations(this.nanoTime::get);

	@Test
	void placeIsUsedAgainAfterAnAnswer() {
		Operation first = this.operations.begin();
		Operation second = this.operations.begin();
		assertThat(second.place()).isNotEqualTo(first.place());
		this.operations.end(first);
		assertThat(this.operations.begin()).returns(first.place(), Operation::place)
			.doesNotReturn(first.id(), Operation::id);
	}

	@Test
	void placeOfALostAnswerIsKeptForAnHour() {
		Operation lost = this.operations.begin();
		this.operations.endLater(lost);
		this.nanoTime.addAndGet(Duration.ofMinutes(60).toNanos());
		assertThat(this.operations.begin().place()).isNotEqualTo(lost.place());
		this.nanoTime.addAndGet(1);
		assertThat(this.operations.begin().place()).isEqualTo(lost.place());
	}

	@Test
	void placesOfLostAnswersAreBounded() {
		Operation oldest = this.operations.begin();
		this.operations.endLater(oldest);
		for (int i = 1; i < Operations.MOST_KEPT; i++) {
			this.operations.endLater(this.operations.begin());
		}
		Operation last = this.operations.begin();
		assertThat(last.place()).endsWith("-" + Operations.MOST_KEPT);
		this.operations.endLater(last);
		assertThat(this.operations.begin().place()).isEqualTo(oldest.place());
	}

}
