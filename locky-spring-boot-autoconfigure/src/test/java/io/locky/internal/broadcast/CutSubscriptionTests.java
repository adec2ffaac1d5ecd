package io.locky.internal.broadcast;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.core.LockyTemplates;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.redis.JsonTexts;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.SignalListener;
import io.locky.testing.LockyInstance;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two instances lock as fast as they can and a third one follows, while their
 * subscriptions are cut again and again.
 */
class CutSubscriptionTests {

	private static final int CUTS = 50;

	private static final int RESOURCES = 5;

	private final String prefix = "test-" + UUID.randomUUID() + ":";

	@Test
	void cutSubscriptionsNeitherLoseNorDuplicateEvents() throws Exception {
		try (LockyInstance ann = instance("ann", true);
				LockyInstance bob = instance("bob", true);
				LockyInstance eve = instance("eve", false)) {
			Set<String> hints = collectHints(eve);
			lockUntil(cutAll(), ann, bob);
			await().until(() -> eve.locks().list(LockQuery.all()).locks().isEmpty());
			List<String> log = log(eve);
			for (LockyInstance instance : List.of(ann, bob, eve)) {
				await().atMost(Duration.ofSeconds(30)).until(() -> instance.events().size() >= log.size());
				assertThat(instance.missed()).isZero();
				assertThat(texts(instance)).containsExactlyInAnyOrderElementsOf(log);
			}
			assertThat(eve.events()).allMatch(LockyEvent::isRemote);
			assertThat(byResource(texts(eve))).isEqualTo(byResource(log));
			System.out.printf("Broadcast: %d events, %d cut subscriptions: 0 missed, 0 doubled; hints alone lose %d%n",
					log.size(), CUTS, log.size() - hints.size());
			assertThat(hints).hasSizeLessThan(log.size());
			deleteKeys(eve);
		}
	}

	private LockyInstance instance(String name, boolean worker) {
		return LockyInstance.start("locky.prefix=" + this.prefix, "locky.events.broadcast=true",
				"locky.events.instance=" + name, "locky.expiration.enabled=" + worker);
	}

	private static Set<String> collectHints(LockyInstance instance) {
		Set<String> ids = ConcurrentHashMap.newKeySet();
		LockyTemplates.addSignalListener(instance.locks(), new SignalListener() {
			@Override
			public void logged(String hint) {
				ids.add(Objects.requireNonNull(LogHint.read(hint)).entry().id().toString());
			}
		});
		return ids;
	}

	/** Cuts each time that all three instances are subscribed. */
	private Thread cutAll() {
		Thread cutter = new Thread(() -> {
			try (RedisClient client = RedisClient.create(TestRedis.url());
					StatefulRedisConnection<String, String> connection = client.connect()) {
				RedisCommands<String, String> commands = connection.sync();
				String channel = LockyKeys.of(this.prefix).signals();
				for (int i = 0; i < CUTS; i++) {
					await().atMost(Duration.ofSeconds(30))
						.pollDelay(Duration.ofMillis(20))
						.pollInterval(Duration.ofMillis(5))
						.until(() -> Objects.requireNonNull(commands.pubsubNumsub(channel).get(channel)) == 3);
					commands.clientKill(KillArgs.Builder.typePubsub());
				}
			}
		});
		cutter.start();
		return cutter;
	}

	private static void lockUntil(Thread end, LockyInstance... instances) throws InterruptedException {
		List<Thread> clients = Stream.of(instances)
			.map((instance) -> new Thread(() -> lockWhile(end::isAlive, instance.locks())))
			.toList();
		clients.forEach(Thread::start);
		for (Thread client : clients) {
			client.join();
		}
	}

	private static void lockWhile(BooleanSupplier goOn, LockyTemplate locks) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		while (goOn.getAsBoolean()) {
			LockRequest request = LockRequest.of(random.nextInt(RESOURCES))
				.by(Thread.currentThread().getName())
				.ttl(Duration.ofMillis(random.nextInt(1, 20)));
			boolean granted = locks.lock((random.nextInt(10) == 0) ? request.force() : request);
			if (granted && random.nextBoolean()) {
				locks.unlock(request.resource(), request.locker());
			}
		}
	}

	@SuppressWarnings("unchecked") // an array of generic type, for a method of Spring
									// Data
	private List<String> log(LockyInstance instance) {
		return instance.bean(StringRedisTemplate.class)
			.opsForStream()
			.read(StreamOffset.fromStart(this.prefix + "events"))
			.stream()
			.map((entry) -> JsonTexts.read(String.valueOf(entry.getValue().get("event"))))
			.map((event) -> String.join(" ", event.get(1), event.get(0), event.get(2), event.get(3)))
			.toList();
	}

	private static List<String> texts(LockyInstance instance) {
		return instance.events()
			.stream()
			.map((event) -> String.join(" ", event.getResource(), kind(event), event.getLocker(),
					Long.toString(event.getFence())))
			.toList();
	}

	private static String kind(LockyEvent event) {
		return (event instanceof LockReleasedEvent) ? "released"
				: (event instanceof LockExpiredEvent) ? "expired" : "acquired";
	}

	private static Map<String, List<String>> byResource(List<String> events) {
		return events.stream().collect(Collectors.groupingBy((event) -> event.substring(0, event.indexOf(' '))));
	}

	private void deleteKeys(LockyInstance instance) {
		StringRedisTemplate redis = instance.bean(StringRedisTemplate.class);
		redis.delete(redis.keys(this.prefix + "*"));
	}

}
