package io.locky.internal.event;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEvent;
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

	private final Consumer<LockyEvent> first;

	private final @Nullable TransactionOperations transaction;

	/** Whether the last transaction was not committed. */
	private final AtomicBoolean rolledBack = new AtomicBoolean();

	/**
	 * Creates a publisher on top of an application context.
	 * @param publisher publishes to the listeners of the application
	 */
	public LockyEventPublisher(ApplicationEventPublisher publisher) {
		this(publisher, (event) -> {
		}, null);
	}

	/**
	 * Creates a publisher on top of an application context.
	 * @param publisher publishes to the listeners of the application
	 * @param first a listener of Locky itself, called before them; it must not block
	 * @param transaction runs the listeners of an expiry in a transaction, or
	 * {@code null} to run them without one
	 */
	public LockyEventPublisher(ApplicationEventPublisher publisher, Consumer<LockyEvent> first,
			@Nullable TransactionOperations transaction) {
		this.publisher = publisher;
		this.first = first;
		this.transaction = transaction;
	}

	/**
	 * Publishes an event. An exception of a listener is logged, never thrown.
	 * @param event the event
	 * @return false if it must be published again: it is an expiry, and its transaction
	 * was not committed
	 */
	public boolean publish(ApplicationEvent event) {
		try {
			if (event instanceof LockyEvent lockEvent) {
				this.first.accept(lockEvent);
			}
		}
		catch (Throwable ex) {
			logger.error("Locky could not handle {}. The listeners of the application get it.", event, ex);
		}
		if (this.transaction != null && event instanceof LockExpiredEvent expired && !expired.isRemote()) {
			return publish(expired, this.transaction);
		}
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.error("A listener failed on {}. The lock is not affected; fix the listener.", event, ex);
		}
		return true;
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
			// While the database is down, one stack trace is enough.
			Throwable shown = this.rolledBack.getAndSet(true) ? null : ex;
			logger.error("{} was not committed, and is published again after the ack time-out: {}", event,
					ex.toString(), shown);
			return false;
		}
	}

}
