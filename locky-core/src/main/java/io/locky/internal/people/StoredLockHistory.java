package io.locky.internal.people;

import java.time.Instant;

import io.locky.LockNames;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockForceReleasedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.people.Hold;
import io.locky.people.HoldOutcome;
import io.locky.people.HoldPage;
import io.locky.people.LockHistory;
import io.locky.people.LockHistoryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;

/**
 * The history of locks, in a store of the application. It gets what this instance
 * publishes about the ends of holds.
 */
public final class StoredLockHistory implements LockHistory, SmartApplicationListener {

	private static final Logger logger = LoggerFactory.getLogger(StoredLockHistory.class);

	private final LockHistoryStore store;

	private final boolean transactional;

	/**
	 * Creates it.
	 * @param store where the holds are kept
	 * @param transactional whether an expiry that cannot be added is published again
	 */
	public StoredLockHistory(LockHistoryStore store, boolean transactional) {
		this.store = store;
		this.transactional = transactional;
	}

	@Override
	public HoldPage history(Object resource, @Nullable Long before, int size) {
		String name = LockNames.resource(resource);
		PageSize.require(size);
		return this.store.page(name, before, size);
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
		return LockyEvent.class.isAssignableFrom(type) || LockForceReleasedEvent.class.isAssignableFrom(type);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		try {
			Hold hold = ended(event);
			if (hold != null) {
				this.store.add(hold);
			}
		}
		catch (RuntimeException ex) {
			if (this.transactional && event instanceof LockExpiredEvent) {
				throw ex;
			}
			logger.error("The hold that ended with {} is missing in the history", event, ex);
		}
	}

	private @Nullable Hold ended(ApplicationEvent event) {
		if (event instanceof LockForceReleasedEvent forced) {
			return (forced.getFence() != 0) ? forced(forced) : null;
		}
		return (event instanceof LockyEvent own && !own.isRemote()) ? ended(own) : null;
	}

	private static @Nullable Hold ended(LockyEvent event) {
		if (event instanceof LockTakenOverEvent takeover) {
			return hold(takeover, takeover.getPreviousLocker(), takeover.getPreviousFence(), HoldOutcome.TAKEN_OVER,
					takeover.getLocker(), takeover.getNote());
		}
		if (event instanceof LockReleasedEvent released) {
			return released.isForced()
					? hold(released, released.getLocker(), released.getFence(), HoldOutcome.FORCE_RELEASED, null, null)
					: hold(released, released.getLocker(), released.getFence(), HoldOutcome.RELEASED,
							released.getLocker(), null);
		}
		return (event instanceof LockExpiredEvent)
				? hold(event, event.getLocker(), event.getFence(), HoldOutcome.EXPIRED, null, null) : null;
	}

	private static @Nullable Hold hold(LockyEvent event, String locker, long fence, HoldOutcome outcome,
			@Nullable String by, @Nullable String note) {
		return (fence != 0)
				? new Hold(event.getResource(), locker, fence, since(fence), event.getOccurredAt(), outcome, by, note)
				: null;
	}

	/** A fence is the time of the grant, in microseconds of the clock of Redis. */
	private static Instant since(long fence) {
		return Instant.ofEpochMilli(fence / 1000);
	}

	/** Its hold was added when it was released, with the time of Redis. */
	private Hold forced(LockForceReleasedEvent event) {
		long fence = event.getFence();
		Instant until = this.store.page(event.getResource(), fence + 1, 1)
			.holds()
			.stream()
			.filter((hold) -> hold.fence() == fence)
			.map(Hold::until)
			.findFirst()
			.orElseGet(() -> Instant.ofEpochMilli(event.getTimestamp()));
		return new Hold(event.getResource(), event.getLocker(), fence, since(fence), until, HoldOutcome.FORCE_RELEASED,
				event.getOperator(), null);
	}

}
