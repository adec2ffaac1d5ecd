package io.locky.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyLettuceAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEvent;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

/**
 * One instance of an application that uses Locky, as auto-configuration makes it, with a
 * listener of lock events.
 */
public final class LockyInstance implements AutoCloseable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Recorder recorder = new Recorder();

	private LockyInstance(String... properties) {
		TestPropertyValues
			.of("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.timeout=5s",
					"spring.data.redis.lettuce.shutdown-timeout=0")
			.and(properties)
			.applyTo(this.context);
		this.context.registerBean("recorder", Recorder.class, () -> this.recorder);
		this.context.register(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
				LockyLettuceAutoConfiguration.class);
		this.context.refresh();
	}

	public static LockyInstance start(String... properties) {
		return new LockyInstance(properties);
	}

	public LockyTemplate locks() {
		return this.context.getBean(LockyTemplate.class);
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public List<LockyEvent> events() {
		synchronized (this.recorder.events) {
			return List.copyOf(this.recorder.events);
		}
	}

	/**
	 * How often the instance found that events are gone.
	 * @return the number of {@link LockEventsMissedEvent}
	 */
	public int missed() {
		return this.recorder.missed.get();
	}

	public List<LockExpiredEvent> expired() {
		return events().stream().filter(LockExpiredEvent.class::isInstance).map(LockExpiredEvent.class::cast).toList();
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Listens the way user code does.
	 */
	public static class Recorder {

		private final List<LockyEvent> events = Collections.synchronizedList(new ArrayList<>());

		private final AtomicInteger missed = new AtomicInteger();

		@EventListener
		void on(LockEventsMissedEvent event) {
			this.missed.incrementAndGet();
		}

		@EventListener
		void on(LockyEvent event) {
			this.events.add(event);
			if (event.getResource().startsWith("poison")) {
				throw new AssertionError("A listener that fails on purpose");
			}
		}

	}

}
