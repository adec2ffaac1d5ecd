package io.locky.testing;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.core.LockyTemplate;
import io.locky.event.LockyEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.lock.LocalWaiters;
import io.locky.internal.lock.LockRenewer;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * Locks under a prefix of their own, the events that were published, and what is in
 * Redis. Deletes all of it in the end.
 */
public final class LockyFixture implements AutoCloseable {

	private final String prefix = "test-" + UUID.randomUUID() + ":";

	private final LockyKeys keys;

	private final List<LockyEvent> events = new CopyOnWriteArrayList<>();

	private final StringRedisTemplate connection;

	private final StringRedisTemplate redis;

	private final LockySignals signals;

	private final LocalWaiters room;

	private final LockRenewer renewer;

	public LockyFixture(RedisConnectionFactory connectionFactory) {
		this(connectionFactory, connectionFactory);
	}

	/**
	 * Locks as one user, and looks into Redis as another.
	 * @param connectionFactory the connection of the locks
	 * @param admin a connection that may do everything
	 */
	public LockyFixture(RedisConnectionFactory connectionFactory, RedisConnectionFactory admin) {
		this.connection = new StringRedisTemplate(connectionFactory);
		this.redis = new StringRedisTemplate(admin);
		this.keys = isCluster(connectionFactory) ? LockyKeys.ofCluster(this.prefix) : LockyKeys.of(this.prefix);
		this.signals = newSignals();
		this.room = new LocalWaiters(this.signals);
		this.renewer = new LockRenewer(this.connection, this.keys, publisher());
		this.renewer.start();
	}

	public LockyTemplate template(@Nullable Duration ttl) {
		return new LockyTemplate(this.connection, this.keys, ttl, Duration.ofSeconds(30), publisher(), this.room,
				this.renewer);
	}

	/**
	 * Remembers events, and lets the renewer hear them as an application context would.
	 * @return the publisher
	 */
	public LockyEventPublisher publisher() {
		return new LockyEventPublisher((event) -> {
			this.events.add((LockyEvent) event);
			this.renewer.onApplicationEvent((LockyEvent) event);
		});
	}

	/**
	 * A subscription of the caller's own, who stops it.
	 * @return the subscription
	 */
	public LockySignals newSignals() {
		RedisMessageListenerContainer container = new RedisMessageListenerContainer();
		container.setConnectionFactory(this.connection.getRequiredConnectionFactory());
		container.afterPropertiesSet();
		return new LockySignals(container, this.keys.signals());
	}

	public LockySignals signals() {
		return this.signals;
	}

	public ScriptRunner scripts() {
		return new ScriptRunner(this.connection.getRequiredConnectionFactory());
	}

	public LockRenewer renewer() {
		return this.renewer;
	}

	public String prefix() {
		return this.prefix;
	}

	public LockyKeys keys() {
		return this.keys;
	}

	public StringRedisTemplate redis() {
		return this.redis;
	}

	public List<LockyEvent> events() {
		return this.events;
	}

	public <T extends LockyEvent> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	/**
	 * The key of a lock, as other clients know it.
	 * @param resource the name of the resource
	 * @return the key
	 */
	public String lockKey(String resource) {
		return this.keys.partitionOf(resource).lock(resource);
	}

	/**
	 * A key of the partition that keeps a resource.
	 * @param resource the name of the resource
	 * @param name what the key is called
	 * @return the key
	 */
	public String key(String resource, String name) {
		return this.keys.partitionOf(resource).lock("").replaceAll("lock:$", name);
	}

	private static boolean isCluster(RedisConnectionFactory connectionFactory) {
		return connectionFactory instanceof LettuceConnectionFactory lettuce && lettuce.isClusterAware();
	}

	/**
	 * All keys under the prefix.
	 * @return their names
	 */
	public Set<String> allKeys() {
		return new TreeSet<>(this.redis.keys(this.prefix + "*"));
	}

	@Override
	public void close() {
		this.renewer.stop();
		this.signals.stop();
		clear();
	}

	/**
	 * Deletes everything, as if Redis had lost its data.
	 */
	public void clear() {
		Set<String> left = allKeys();
		if (!left.isEmpty()) {
			this.redis.delete(left);
		}
	}

}
