package io.locky.event;

import java.beans.ConstructorProperties;
import java.beans.Transient;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Published when an operator has released the lock of somebody else, after the
 * {@link LockReleasedEvent}, and only on the instance where it happened.
 *
 * @since 0.9.0
 */
public final class LockForceReleasedEvent extends ApplicationEvent {

	private final String resource;

	private final String locker;

	private final long fence;

	private final String operator;

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the resource of the lock
	 * @param locker the locker that held it
	 * @param fence the fencing token of its grant, or 0 if another client wrote the lock
	 * @param operator the name of the operator
	 */
	public LockForceReleasedEvent(Object source, String resource, String locker, long fence, String operator) {
		super(source);
		this.resource = resource;
		this.locker = locker;
		this.fence = fence;
		this.operator = operator;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "operator" })
	LockForceReleasedEvent(@Nullable Long timestamp, String resource, String locker, long fence, String operator) {
		super(LockForceReleasedEvent.class, LockyEvent.clock(timestamp));
		this.resource = resource;
		this.locker = locker;
		this.fence = fence;
		this.operator = operator;
	}

	/**
	 * The object that published the event. It is not part of the JSON of an event.
	 * @return the object, or this class for an event that was read back
	 */
	@Override
	@Transient
	public Object getSource() {
		return (this.source != null) ? this.source : LockForceReleasedEvent.class;
	}

	/**
	 * The resource of the lock.
	 * @return its name
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * The locker that held the lock.
	 * @return its name
	 */
	public String getLocker() {
		return this.locker;
	}

	/**
	 * The fencing token of the grant that was ended.
	 * @return the fence, or 0 if another client wrote the lock
	 */
	public long getFence() {
		return this.fence;
	}

	/**
	 * Who released the lock.
	 * @return the name of the authenticated user, or {@code unknown} without one
	 */
	public String getOperator() {
		return this.operator;
	}

	@Override
	public String toString() {
		return "LockForceReleasedEvent[resource=%s, locker=%s, fence=%d, operator=%s]".formatted(this.resource,
				this.locker, this.fence, this.operator);
	}

}
