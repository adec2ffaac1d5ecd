package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.broadcast.LockyEventFollower;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.lock.LocalWaiters;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockySignals;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What every kind of Redis does for those who want to hear of all locks.
 */
abstract class BroadcastContract extends LockyContract {

	private static final int RESOURCES = 150;

	@Test
	void otherInstanceHearsOfTheLocksOfAllPartitionsInTheirOrder() {
		List<LockyEvent> heard = Collections.synchronizedList(new ArrayList<>());
		LockySignals signals = this.fixture.newSignals();
		LockyEventFollower follower = new LockyEventFollower(this.fixture.redis(), keys("follower"), signals,
				new LockyEventPublisher((event) -> heard.add((LockyEvent) event)));
		follower.start();
		try {
			LockyTemplate sender = new LockyTemplate(this.fixture.redis(), keys("sender"), TTL, Duration.ofSeconds(30),
					this.fixture.publisher(), new LocalWaiters(this.fixture.signals()), this.fixture.renewer());
			for (int i = 0; i < RESOURCES; i++) {
				sender.lock("article:" + i, i);
				sender.unlock("article:" + i);
			}
			await().atMost(Duration.ofSeconds(30)).until(() -> heard.size() >= 2 * RESOURCES);
		}
		finally {
			follower.stop();
			signals.stop();
		}
		assertThat(heard).hasSize(2 * RESOURCES).allMatch((event) -> "sender".equals(event.getOrigin()));
		for (int i = 0; i < RESOURCES; i++) {
			String resource = "article:" + i;
			assertThat(heard).filteredOn((event) -> resource.equals(event.getResource()))
				.extracting(Object::getClass)
				.containsExactly(LockAcquiredEvent.class, LockReleasedEvent.class);
		}
	}

	private LockyKeys keys(String origin) {
		return this.fixture.keys().withEventLog(origin, 10_000);
	}

}
