package io.locky.internal.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.metrics.LockyMetrics;
import io.locky.metrics.LockyMetrics.HoldEnd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Publishes lock events, and keeps the exceptions of listeners away from the caller:
 * Redis has already granted or ended the lock, whatever a listener does.
 */
public final class LockyEventPublisher {

	private static final Logger logger = LoggerFactory.getLogger(LockyEventPublisher.class);

	private final ApplicationEventPublisher publisher;

	private final List<Consumer<LockyEvent>> first = new CopyOnWriteArrayList<>();

	private final @Nullable TransactionOperations transaction;

	private final LockyMetrics metrics;

	/** Whether the last transaction was not committed. */
	private final AtomicBoolean rolledBack = new AtomicBoolean();

	/**
	 * Creates a publisher on top of an application context.
	 * @param publisher publishes to the listeners of the application
	 */
	public LockyEventPublisher(ApplicationEventPublisher publisher) {
		this(publisher, (event) -> {
		}, null, LockyMetrics.NONE);
	}

	/**
	 * Creates a publisher on top of an application context.
	 * @param publisher publishes to the listeners of the application
	 * @param first a listener of Locky itself, called before them; it must not block
	 * @param transaction runs the listeners of an expiry in a transaction, or
	 * {@code null} to run them without one
	 * @param metrics counts what is published
	 */
	public LockyEventPublisher(ApplicationEventPublisher publisher, Consumer<LockyEvent> first,
			@Nullable TransactionOperations transaction, LockyMetrics metrics) {
		this.publisher = publisher;
		this.first.add(first);
		this.transaction = transaction;
		this.metrics = metrics;
	}

	/**
	 * Adds a listener of Locky itself, called before those of the application.
	 * @param listener the listener, which must not block
	 */
	public void addFirst(Consumer<LockyEvent> listener) {
		this.first.add(listener);
	}

	/**
	 * Publishes an event. An exception of a listener is logged, never thrown.
	 * @param event the event
	 * @return false if it must be published again: it is an expiry, and its transaction
	 * was not committed
	 */
	public boolean publish(ApplicationEvent event) {
		if (event instanceof LockyEvent lockEvent) {
			handle(lockEvent);
		}
		if (this.transaction != null && event instanceof LockExpiredEvent expired && !expired.isRemote()) {
			return publish(expired, this.transaction);
		}
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			this.metrics.listenerFailed();
			logger.error("A listener failed on {}. The lock is not affected; fix the listener.", event, ex);
		}
		return true;
	}

	private void handle(LockyEvent event) {
		try {
			this.first.forEach((listener) -> listener.accept(event));
			if (this.metrics != LockyMetrics.NONE && !event.isRemote()) {
				measure(event);
			}
		}
		catch (Throwable ex) {
			logger.error("Locky could not handle {}. The listeners of the application get it.", event, ex);
		}
	}

	/** A fence is the time of the grant, in microseconds of the clock of Redis. */
	private void measure(LockyEvent event) {
		long micros = ChronoUnit.MICROS.between(Instant.EPOCH, event.getOccurredAt()) - event.getFence();
		if (event.getFence() == 0 || micros < 0) {
			return;
		}
		if (event instanceof LockReleasedEvent) {
			this.metrics.held(HoldEnd.RELEASED, micros);
		}
		else if (event instanceof LockExpiredEvent) {
			this.metrics.held(HoldEnd.EXPIRED, micros);
		}
	}

	/**
	 * What counts the events.
	 * @return the metrics of this instance
	 */
	public LockyMetrics metrics() {
		return this.metrics;
	}

	/**
	 * What the listeners have written is committed before the expiry is acknowledged, so
	 * that a crash in between repeats both and loses none. An exception of a listener
	 * rolls everything back.
	 */
	private boolean publish(LockExpiredEvent event, TransactionOperations inTransaction) {
		try {
			inTransaction.executeWithoutResult((status) -> this.publisher.publishEvent(event));
			this.rolledBack.set(false);
			return true;
		}
		catch (Throwable ex) {
			this.metrics.listenerFailed();
			// While the database is down, one stack trace is enough.
			Throwable shown = this.rolledBack.getAndSet(true) ? null : ex;
			logger.error("{} was not committed, and is published again after the ack time-out: {}", event,
					ex.toString(), shown);
			return false;
		}
	}

}
