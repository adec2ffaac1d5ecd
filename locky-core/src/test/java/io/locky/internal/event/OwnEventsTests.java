package io.locky.internal.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OwnEventsTests {

	private final List<Object> published = new ArrayList<>();

	private final OwnEvents events = new OwnEvents(new LockyEventPublisher(this.published::add), true);

	@Test
	void answeredOperationIsLeftToItsCaller() {
		this.events.begin("op");
		this.events.logged("op", acquired(7));
		this.events.end("op");
		this.events.logged("op", acquired(7));
		assertThat(this.published).isEmpty();
	}

	@Test
	void repeatedOperationPublishesWhatItsReplyDidNotContain() {
		LockyEvent first = acquired(7);
		LockyEvent released = new LockReleasedEvent(this, "x", "ann", 8, Instant.now());
		this.events.begin("op");
		this.events.logged("op", first);
		this.events.logged("op", acquired(8));
		this.events.end("op", List.of(acquired(8)));
		assertThat(this.published).containsExactly(first);
		this.events.logged("op", released);
		this.events.logged("op", released);
		assertThat(this.published).containsExactly(first, released);
	}

	@Test
	void unknownOperationIsPublishedWhenItIsRead() {
		this.events.begin("op");
		this.events.endUnknown("op");
		LockyEvent late = acquired(7);
		this.events.logged("op", late);
		this.events.logged(null, acquired(8));
		this.events.logged("of an earlier version", acquired(9));
		assertThat(this.published).containsExactly(late);
	}

	@Test
	void endedOperationsAreBounded() {
		for (int i = 0; i <= OwnEvents.MOST_ENDED; i++) {
			this.events.begin("op-" + i);
			this.events.endUnknown("op-" + i);
		}
		this.events.logged("op-0", acquired(7));
		assertThat(this.published).isEmpty();
		this.events.logged("op-1", acquired(8));
		assertThat(this.published).hasSize(1);
	}

	private LockyEvent acquired(long fence) {
		return new LockAcquiredEvent(this, "x", "ann", fence, Instant.now());
	}

}
