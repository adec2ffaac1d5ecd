package io.locky.benchmark.library;

import java.util.function.IntFunction;

import com.baomidou.lock.LockTemplate;
import io.lettuce.core.RedisClient;
import io.locky.benchmark.redis.BenchmarkRedis;
import net.javacrumbs.shedlock.provider.redis.spring.RedisLockProvider;
import org.redisson.Redisson;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;

/**
 * The libraries that are measured, each with the way in which it is used.
 */
public enum Library {

	/** The limit: the smallest scripts that lock and unlock, sent by the driver. */
	LETTUCE("Lettuce, bare EVALSHA", LettuceLibrary::smallest, false),

	/** The limit of a lock with a record, a deadline and a fence: their writes alone. */
	LETTUCE_RECORDED("Lettuce, also record, deadline, fence", LettuceLibrary::recorded, false),

	/** The same scripts, sent by Spring Data Redis. */
	TEMPLATE("StringRedisTemplate, same scripts", (port) -> new TemplateLibrary(BenchmarkRedis.connect(port)), false),

	LOCKY("Locky", (port) -> LockyLibrary.plain(BenchmarkRedis.connect(port)), true),

	LOCKY_BROADCAST("Locky, broadcast", LockyLibrary::broadcast, true),

	/** A handle that is renewed in the background until it is closed. */
	LOCKY_RENEWED("Locky, renewed handle", LockyLibrary::renewed, true),

	REDISSON_LEASE("Redisson, lease", (port) -> new RedissonLibrary(port, LockLibrary.LEASE_SECONDS), true),

	/** Renewed in the background until it is released. */
	REDISSON_WATCHDOG("Redisson, watchdog", (port) -> new RedissonLibrary(port, RedissonLibrary.WATCHDOG), true),

	REDISSON_FENCED("Redisson, fenced lock", RedissonFencedLibrary::new, true),

	SHEDLOCK("ShedLock", ShedLockLibrary::new, false),

	REGISTRY("RedisLockRegistry", RegistryLibrary::polling, false),

	REGISTRY_PUBSUB("RedisLockRegistry, pub/sub", RegistryLibrary::subscribed, true),

	LOCK4J("lock4j", Lock4jLibrary::new, false);

	private final String label;

	private final IntFunction<LockLibrary> opener;

	private final boolean waits;

	Library(String label, IntFunction<LockLibrary> opener, boolean waits) {
		this.label = label;
		this.opener = opener;
		this.waits = waits;
	}

	/**
	 * Connects one more application.
	 * @param port where Redis listens
	 * @return the library, to be closed by the caller
	 */
	public LockLibrary open(int port) {
		return this.opener.apply(port);
	}

	/**
	 * Connects an application to a Redis Cluster: Locky, or the smallest scripts.
	 * @param connections the connections, destroyed with the library
	 * @return the library, to be closed by the caller
	 */
	public LockLibrary open(LettuceConnectionFactory connections) {
		return switch (this) {
			case LOCKY -> LockyLibrary.plain(connections);
			case TEMPLATE -> new TemplateLibrary(connections);
			default -> throw new UnsupportedOperationException(this + " is measured on a single server only");
		};
	}

	/**
	 * The name in tables.
	 * @return the name
	 */
	public String label() {
		return this.label;
	}

	/**
	 * Whether this is Locky.
	 * @return whether it is ours
	 */
	public boolean isLocky() {
		return this == LOCKY || this == LOCKY_BROADCAST || this == LOCKY_RENEWED;
	}

	/**
	 * Whether it wakes those that wait for a lock. Polling does not count.
	 * @return whether {@link LockLibrary#lock} works
	 */
	public boolean waits() {
		return this.waits;
	}

	/**
	 * Names the releases that are measured.
	 * @return their versions
	 */
	public static String versions() {
		return "Lettuce %s, Redisson %s, ShedLock %s, Spring Integration %s, lock4j %s".formatted(
				version(RedisClient.class), version(Redisson.class), version(RedisLockProvider.class),
				version(RedisLockRegistry.class), version(LockTemplate.class));
	}

	private static String version(Class<?> type) {
		String jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
		return jar.replaceAll(".*-(\\d[^/]*)\\.jar", "$1");
	}

}
