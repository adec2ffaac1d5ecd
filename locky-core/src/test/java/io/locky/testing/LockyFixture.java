package io.locky.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.core.LockyTemplates;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.ScriptRunner;
import io.locky.metrics.LockyMetrics;
import io.locky.observation.LockyObservations;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Locks under a prefix of their own, the events that were published, and what is in
 * Redis. Deletes all of it in the end. Its templates have an expiration worker only where
 * a test starts one.
 */
public final class LockyFixture implements AutoCloseable {

	private final String prefix = "test-" + UUID.randomUUID() + ":";

	private final LockyKeys keys;

	private final List<LockyEvent> events = new CopyOnWriteArrayList<>();

	private final RedisConnectionFactory connectionFactory;

	private final StringRedisTemplate redis;

	private final List<LockyRuntime> runtimes = new ArrayList<>();

	public LockyFixture(RedisConnectionFactory connectionFactory) {
		this(connectionFactory, connectionFactory);
	}

	/**
	 * Locks as one user, and looks into Redis as another.
	 * @param connectionFactory the connection of the locks
	 * @param admin a connection that may do everything
	 */
	public LockyFixture(RedisConnectionFactory connectionFactory, RedisConnectionFactory admin) {
		this.connectionFactory = connectionFactory;
		this.redis = new StringRedisTemplate(admin);
		this.keys = LockyRuntime.keys(connectionFactory, settings().build());
	}

	/**
	 * Settings for this prefix, without an expiration worker and a check of Redis.
	 * @return a builder
	 */
	public LockySettings.Builder settings() {
		return LockySettings.builder().prefix(this.prefix).expiration(false).startupCheck(false);
	}

	/**
	 * A started template.
	 * @param ttl the length of a lease
	 * @return the template, closed by this fixture
	 */
	public LockyTemplate template(@Nullable Duration ttl) {
		return start(settings().ttl(ttl).build());
	}

	/**
	 * A started template.
	 * @param settings the settings
	 * @return the template, closed by this fixture
	 */
	public LockyTemplate start(LockySettings settings) {
		return start(LockyRuntime.keys(this.connectionFactory, settings), settings, publisher());
	}

	/**
	 * A template that is not started yet.
	 * @param settings the settings
	 * @return the template, closed by this fixture
	 */
	public LockyTemplate create(LockySettings settings) {
		return create(LockyRuntime.keys(this.connectionFactory, settings), settings, publisher());
	}

	/**
	 * A started template.
	 * @param names the keys, perhaps of more partitions than this Redis needs
	 * @param settings the settings
	 * @param publisher where it publishes its events
	 * @return the template, closed by this fixture
	 */
	public LockyTemplate start(LockyKeys names, LockySettings settings, ApplicationEventPublisher publisher) {
		LockyTemplate locks = create(names, settings, publisher);
		locks.start();
		return locks;
	}

	/**
	 * A started template that is measured.
	 * @param settings the settings
	 * @param metrics receives what is measured
	 * @param observations observes waits
	 * @return the template, closed by this fixture
	 */
	public LockyTemplate start(LockySettings settings, LockyMetrics metrics, LockyObservations observations) {
		LockyTemplate locks = create(LockyRuntime.keys(this.connectionFactory, settings), settings, publisher(),
				metrics, observations);
		locks.start();
		return locks;
	}

	private LockyTemplate create(LockyKeys names, LockySettings settings, ApplicationEventPublisher publisher) {
		return create(names, settings, publisher, LockyMetrics.NONE, LockyObservations.NONE);
	}

	private LockyTemplate create(LockyKeys names, LockySettings settings, ApplicationEventPublisher publisher,
			LockyMetrics metrics, LockyObservations observations) {
		LockyRuntime runtime = new LockyRuntime(this.connectionFactory, names, settings, publisher, metrics,
				observations);
		this.runtimes.add(runtime);
		return LockyTemplates.over(runtime);
	}

	/**
	 * Remembers events.
	 * @return the publisher
	 */
	public ApplicationEventPublisher publisher() {
		return (event) -> this.events.add((LockyEvent) event);
	}

	/**
	 * A subscription of the caller's own, who closes it.
	 * @return the subscription
	 */
	public LockySignals newSignals() {
		return new LockySignals(this.connectionFactory, this.keys.signals());
	}

	/**
	 * Whether a template has subscribed to hints.
	 * @return whether one of them receives hints
	 */
	public boolean isSubscribed() {
		return this.runtimes.stream().anyMatch(LockyRuntime::isSubscribed);
	}

	public ScriptRunner scripts() {
		return new ScriptRunner(this.connectionFactory);
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
	 * The key of a lock, which other clients read too.
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

	/**
	 * All keys under the prefix, without those of operations, which end by themselves,
	 * and without an index by locker that has no locks.
	 * @return their names
	 */
	public Set<String> allKeys() {
		Set<String> all = new TreeSet<>(this.redis.keys(this.prefix + "*"));
		all.removeIf((key) -> key.contains(":operation:") || isEmptyIndex(key));
		return all;
	}

	/** The state of the index is one field, and its mark begins a fence. */
	private boolean isEmptyIndex(String key) {
		return (key.endsWith(":lockers") && this.redis.opsForHash().size(key) <= 1)
				|| (key.endsWith(":fence") && "0".equals(this.redis.opsForValue().get(key)));
	}

	@Override
	public void close() {
		closeTemplates();
		clear();
	}

	/**
	 * Closes the templates only, where Redis does not answer any more.
	 */
	public void closeTemplates() {
		this.runtimes.forEach(LockyRuntime::close);
	}

	/**
	 * Deletes everything, as if Redis had lost its data.
	 */
	public void clear() {
		Set<String> left = this.redis.keys(this.prefix + "*");
		if (!left.isEmpty()) {
			this.redis.delete(left);
		}
	}

}
