package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.locky.event.LockyEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.lock.AcquireCommand;
import io.locky.internal.lock.LockCommands;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ExpiryLoopTests {

	@Test
	void partitionThatFailsKeepsNoOtherFromBeingTold() {
		Queue<String> told = new ConcurrentLinkedQueue<>();
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyKeys keys = LockyKeys.ofCluster(fixture.prefix());
			fixture.redis()
				.opsForValue()
				.set(fixture.prefix() + "{" + keys.partitionOf("r0").number() + "}:deadlines", "broken");
			LockyExpirationWorker worker = new LockyExpirationWorker(fixture.redis(), keys, fixture.signals(),
					new LockyEventPublisher((event) -> told.add(((LockyEvent) event).getResource())),
					Duration.ofSeconds(30), 4);
			worker.start();
			try {
				ScriptRunner scripts = fixture.scripts();
				LockCommands calls = new LockCommands(keys);
				for (int i = 1; i < 6; i++) {
					scripts.run(calls.acquire(new AcquireCommand(List.of("r" + i), "ann", Duration.ofMillis(20), null,
							"attempt", AcquireCommand.Contention.DENY, ""), Duration.ofSeconds(30)));
				}
				await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 5);
				assertThat(told).containsExactlyInAnyOrder("r1", "r2", "r3", "r4", "r5");
			}
			finally {
				worker.stop();
			}
		}
	}

}
