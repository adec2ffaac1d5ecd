package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Eight instances share three locks, while every connection is cut five times a second
 * and the scripts are flushed each second. In the end each grant and each release that
 * any instance has seen was published once on each of them, and on one of them as its
 * own.
 */
@Tag("faults")
@Timeout(240)
class BroadcastStormTests {

	private static final int INSTANCES = 8;

	private static final Duration LENGTH = Duration.ofSeconds(60);

	private final List<Instance> instances = new ArrayList<>();

	private final AtomicBoolean stopped = new AtomicBoolean();

	@Test
	void eachGrantAndReleaseIsPublishedOnceOnEachInstance() throws Exception {
		EmbeddedRedis redis = EmbeddedRedis.start();
		RedisClient admin = RedisClient.create("redis://127.0.0.1:" + redis.port());
		try {
			for (int i = 0; i < INSTANCES; i++) {
				this.instances.add(Instance.start("instance-" + i, redis.port()));
			}
			List<Thread> threads = this.instances.stream()
				.map((instance) -> TestThreads.start(() -> work(instance)))
				.toList();
			disturb(admin.connect().sync());
			this.stopped.set(true);
			for (Thread thread : threads) {
				thread.join();
			}
			long grants = this.instances.get(0).events.keySet()
				.stream()
				.filter((key) -> key.startsWith("begin"))
				.count();
			assertThat(grants).isGreaterThan(100);
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(faults()).isEmpty());
		}
		finally {
			this.instances.forEach(Instance::close);
			admin.shutdown();
			redis.close();
		}
	}

	private void work(Instance instance) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		while (!this.stopped.get()) {
			String resource = "r" + random.nextInt(3);
			LockRequest request = LockRequest.of(resource)
				.by(instance.name)
				.ttl(Duration.ofMillis(random.nextInt(50, 300)));
			try {
				LockAttempt attempt = instance.locks.tryLock((random.nextInt(20) == 0) ? request.force() : request);
				if (attempt instanceof LockAttempt.Acquired acquired) {
					end(instance, acquired, random.nextInt(4));
				}
			}
			catch (DataAccessException ex) {
				// The result is unknown to the caller. Its events are not.
				Thread.onSpinWait();
			}
		}
	}

	private static void end(Instance instance, LockAttempt.Acquired acquired, int how) {
		String resource = acquired.handle().resource();
		switch (how) {
			case 0 -> acquired.handle().close();
			case 1 -> instance.locks.unlock(resource, instance.name);
			case 2 -> instance.locks.unlock(resource);
			default -> {
			}
		}
	}

	private static void disturb(RedisCommands<String, String> admin) throws InterruptedException {
		CountDownLatch never = new CountDownLatch(1);
		long end = System.nanoTime() + LENGTH.toNanos();
		for (int i = 0; System.nanoTime() < end; i++) {
			never.await(200, TimeUnit.MILLISECONDS);
			admin.clientKill(KillArgs.Builder.typeNormal().skipme());
			admin.clientKill(KillArgs.Builder.typePubsub());
			if (i % 5 == 0) {
				admin.scriptFlush();
			}
		}
	}

	private List<String> faults() {
		List<String> faults = new ArrayList<>();
		this.instances.stream().flatMap((instance) -> instance.events.keySet().stream()).distinct().forEach((event) -> {
			int own = 0;
			for (Instance instance : this.instances) {
				Count count = instance.events.getOrDefault(event, Count.NONE);
				own += count.own();
				if (count.own() + count.remote() != 1) {
					faults.add("%s on %s: %s".formatted(event, instance.name, count));
				}
			}
			if (own != 1) {
				faults.add("%s is the own event of %d instances".formatted(event, own));
			}
		});
		return faults;
	}

	private record Count(int own, int remote) {

		static final Count NONE = new Count(0, 0);

		Count plus(Count other) {
			return new Count(this.own + other.own, this.remote + other.remote);
		}

	}

	private static final class Instance {

		private final String name;

		private final LettuceConnectionFactory connections;

		private final Map<String, Count> events = new ConcurrentHashMap<>();

		private final LockyRuntime runtime;

		private final LockyTemplate locks;

		private Instance(String name, LettuceConnectionFactory connections) {
			LockySettings settings = LockySettings.builder()
				.prefix("storm:")
				.broadcast(true)
				.instance(name)
				.ackTimeout(Duration.ofSeconds(5))
				.startupCheck(false)
				.build();
			this.name = name;
			this.connections = connections;
			this.runtime = new LockyRuntime(connections, LockyRuntime.keys(connections, settings), settings,
					(event) -> record((LockyEvent) event));
			this.locks = LockyTemplates.over(this.runtime);
		}

		static Instance start(String name, int port) {
			Instance started = new Instance(name, TestRedis.connect("127.0.0.1", port, Duration.ofSeconds(5)));
			started.runtime.start();
			return started;
		}

		/** An expiry may be published again if its acknowledgement gets lost. */
		private void record(LockyEvent event) {
			if (event instanceof LockAcquiredEvent || event instanceof LockReleasedEvent) {
				String kind = (event instanceof LockAcquiredEvent) ? "begin of " : "release of ";
				this.events.merge(kind + event.getFence(), event.isRemote() ? new Count(0, 1) : new Count(1, 0),
						Count::plus);
			}
		}

		void close() {
			this.runtime.close();
			this.connections.destroy();
		}

	}

}
