package io.locky.internal.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.locky.event.LockReleasedEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LockyEventPublisherTests {

	private final LockReleasedEvent event = new LockReleasedEvent(this, "x", "ann", 7, Instant.now());

	private final List<Object> published = new ArrayList<>();

	@Test
	void eventReachesTheApplicationAlthoughLockyFails() {
		new LockyEventPublisher(this.published::add, (lockEvent) -> {
			throw new OutOfMemoryError("unable to create native thread");
		}, null).publish(this.event);
		assertThat(this.published).containsExactly(this.event);
	}

	@Test
	void failureOfAListenerIsNotThrown() {
		new LockyEventPublisher((published) -> {
			throw new IllegalStateException("A listener that fails on purpose");
		}, this.published::add, null).publish(this.event);
		assertThat(this.published).containsExactly(this.event);
	}

}
