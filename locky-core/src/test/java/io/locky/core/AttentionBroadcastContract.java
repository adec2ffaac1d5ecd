package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockAttentionEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEventPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The attention of a holder, as other instances see it.
 */
abstract class AttentionBroadcastContract extends LockyContract {

	private static final Duration IDLE = Duration.ofMillis(30);

	@Test
	void otherInstancesReceiveTheEventsInOrder() {
		List<LockyEvent> received = Collections.synchronizedList(new ArrayList<>());
		instance("follower", (event) -> received.add((LockyEvent) event));
		LockyTemplate sender = instance("sender", this.fixture.publisher());
		LockHandle ann = ((LockAttempt.Acquired) sender.tryLock(LockRequest.of("x").by("ann"))).handle();
		sender.tryRefresh("x", "ann", ann.fence(), IDLE);
		sender.tryRefresh("x", "ann", ann.fence(), Duration.ZERO);
		await().until(() -> received.size() >= 3);
		List<LockAttentionEvent> own = this.fixture.events(LockAttentionEvent.class);
		assertThat(own).hasSize(2).noneMatch(LockyEvent::isRemote);
		for (int i = 0; i < own.size(); i++) {
			assertThat(received.get(i + 1)).usingRecursiveComparison()
				.ignoringFields("source", "timestamp", "origin")
				.isEqualTo(own.get(i));
		}
		assertThat(received).allMatch((event) -> "sender".equals(event.getOrigin()));
	}

	private LockyTemplate instance(String name, ApplicationEventPublisher publisher) {
		LockySettings settings = this.fixture.settings().ttl(TTL).broadcast(true).instance(name).build();
		return this.fixture.start(LockyRuntime.keys(redis().connection(), settings), settings, publisher);
	}

}
