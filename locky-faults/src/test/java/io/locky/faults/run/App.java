package io.locky.faults.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.locky.LockySettings;
import io.locky.LockyStatus;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * An application: a Spring context with locks, and threads that use them.
 */
final class App {

	static final String PREFIX = "faults:";

	private final AppConfig config;

	private final Recorder recorder;

	private final StoreClient store;

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final LockyTemplate locks;

	private final AppCommands commands;

	private final AtomicLong increments = new AtomicLong();

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean ended;

	App(AppConfig config) {
		this.config = config;
		this.recorder = new Recorder(config.name(), Path.of(config.history()));
		this.store = new StoreClient(config.store());
		this.context.addApplicationListener(this.recorder);
		this.context.registerBean(LettuceConnectionFactory.class,
				() -> Connections.to(config.redis(), Duration.ofMillis(config.timeoutMillis())));
		this.context.registerBean(LockyTemplate.class,
				() -> new LockyTemplate(new StringRedisTemplate(this.context.getBean(LettuceConnectionFactory.class)),
						settings(config), this.context));
		this.context.registerShutdownHook();
		this.context.refresh();
		this.locks = this.context.getBean(LockyTemplate.class);
		awaitWork();
		this.commands = new AppCommands(this.recorder, (suffix) -> client(config.name() + suffix));
	}

	/** Until then, it sees neither expiries nor the events of others. */
	private void awaitWork() {
		long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
		LockyStatus status = this.locks.status();
		while (!(works(status.worker()) && works(status.follower())) && System.nanoTime() < end) {
			LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
			status = this.locks.status();
		}
	}

	private static boolean works(LockyStatus.@Nullable Work work) {
		return work == null || work.lastSuccess() != null;
	}

	private static LockySettings settings(AppConfig config) {
		return LockySettings.builder()
			.prefix(PREFIX)
			.ttl(Duration.ofMillis(config.ttlMillis()))
			.instance(config.name())
			.broadcast(config.broadcast())
			.expiration(config.worker())
			.ackTimeout(Duration.ofMillis(config.ackMillis()))
			.shutdownTimeout(Duration.ofSeconds(3))
			.startupCheck(false)
			.build();
	}

	private Client client(String locker) {
		return new Client(this.locks, this.store, this.recorder, locker, this.config.redis().startsWith("cluster:"));
	}

	/**
	 * Does what a line says.
	 * @param words its words
	 * @return the answer, one line
	 */
	String obey(String[] words) {
		return switch (words[0]) {
			case "mix" -> start(words, false);
			case "count" -> start(words, true);
			case "end" -> end();
			case "close" -> close();
			default -> this.commands.obey(words);
		};
	}

	private String start(String[] words, boolean counters) {
		int count = Integer.parseInt(words[1]);
		int resources = Integer.parseInt(words[2]);
		for (int i = 0; i < count; i++) {
			Random random = new Random(this.config.seed() + i);
			Client client = client(this.config.name() + "-" + i);
			MixedWork mixed = new MixedWork(client, random, resources, this.config.ttlMillis());
			CounterWork counting = new CounterWork(client, random, resources, this.increments);
			Thread thread = new Thread(() -> repeat(counters ? counting::once : mixed::once), client.locker());
			this.threads.add(thread);
			thread.start();
		}
		return "started";
	}

	private void repeat(Runnable work) {
		try {
			while (!this.ended) {
				work.run();
			}
		}
		catch (RuntimeException | Error ex) {
			ex.printStackTrace();
			this.failure.compareAndSet(null, ex);
		}
	}

	private String end() {
		this.ended = true;
		for (Thread thread : this.threads) {
			Threads.join(thread);
		}
		Throwable failed = this.failure.get();
		return (failed != null) ? "failed " + failed
				: "ended %d %d %s".formatted(this.recorder.calls(), this.increments.get(), this.recorder.unknown());
	}

	private String close() {
		this.context.close();
		return "closed";
	}

}
