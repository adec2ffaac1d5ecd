package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.locky.LockySettings;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEventPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What instances receive of the locks of others, on any Redis.
 */
abstract class BroadcastContract extends LockyContract {

	private static final int RESOURCES = 150;

	@Test
	void otherInstanceReceivesTheEventsOfEachLockInOrder() {
		List<LockyEvent> received = Collections.synchronizedList(new ArrayList<>());
		instance("follower", (event) -> received.add((LockyEvent) event));
		LockyTemplate sender = instance("sender", this.fixture.publisher());
		for (int i = 0; i < RESOURCES; i++) {
			sender.lock("article:" + i, i);
			sender.unlock("article:" + i);
		}
		await().atMost(Duration.ofSeconds(30)).until(() -> received.size() >= 2 * RESOURCES);
		assertThat(received).hasSize(2 * RESOURCES).allMatch((event) -> "sender".equals(event.getOrigin()));
		for (int i = 0; i < RESOURCES; i++) {
			String resource = "article:" + i;
			assertThat(received).filteredOn((event) -> resource.equals(event.getResource()))
				.extracting(Object::getClass)
				.containsExactly(LockAcquiredEvent.class, LockReleasedEvent.class);
		}
	}

	private LockyTemplate instance(String name, ApplicationEventPublisher publisher) {
		LockySettings settings = this.fixture.settings()
			.ttl(TTL)
			.broadcast(true)
			.instance(name)
			.eventLogLength(10_000)
			.build();
		return this.fixture.start(LockyRuntime.keys(redis().connection(), settings), settings, publisher);
	}

}
