package io.locky.compatibility;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEvent;

import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * An instance of the version whose class loader has loaded this class. So it may only use
 * what both versions have.
 */
public final class TemplateMember implements Member {

	private final Setup setup;

	private final LockyTemplate locks;

	private final List<Event> events = new CopyOnWriteArrayList<>();

	private final AtomicInteger missed = new AtomicInteger();

	public TemplateMember(Setup setup) {
		this.setup = setup;
		LockySettings settings = LockySettings.builder()
			.prefix(setup.prefix())
			.broadcast(true)
			.instance(setup.name())
			.ttl(setup.ttl())
			.ackTimeout(setup.ackTimeout())
			.build();
		this.locks = new LockyTemplate(new StringRedisTemplate(setup.connections()), settings, this::on);
		this.locks.start();
	}

	private void on(Object event) {
		if (event instanceof LockEventsMissedEvent) {
			this.missed.incrementAndGet();
		}
		if (event instanceof LockyEvent it) {
			if (it instanceof LockExpiredEvent && !it.isRemote()) {
				this.setup.beforeExpiry().run();
			}
			this.events.add(new Event(it.getClass().getSimpleName(), it.getResource(), it.getLocker(), it.getFence(),
					it.isRemote()));
		}
	}

	@Override
	public boolean lock(String resource, String locker, Duration ttl) {
		return this.locks.lock(LockRequest.of(resource).by(locker).ttl(ttl));
	}

	@Override
	public boolean lockAll(Collection<String> resources, String locker) {
		return this.locks.lockAll(resources, locker);
	}

	@Override
	public boolean takeOver(String resource, String locker) {
		return this.locks.lock(LockRequest.of(resource).by(locker).force());
	}

	@Override
	public void hold(String resource, String locker, Duration ttl) {
		LockRequest request = LockRequest.of(resource).by(locker).ttl(ttl).autoRenew();
		if (!(this.locks.tryLock(request) instanceof LockAttempt.Acquired)) {
			throw new IllegalStateException(resource + " is locked");
		}
	}

	@Override
	public boolean refresh(String resource, String locker) {
		return this.locks.refresh(resource, locker);
	}

	@Override
	public boolean unlock(String resource, String locker) {
		return this.locks.unlock(resource, locker);
	}

	@Override
	public Optional<Grant> find(String resource) {
		return this.locks.find(resource).map((lock) -> new Grant(lock.locker(), lock.fence()));
	}

	@Override
	public List<Event> events() {
		return this.events;
	}

	@Override
	public int missed() {
		return this.missed.get();
	}

	@Override
	public void close() {
		this.locks.close();
	}

}
