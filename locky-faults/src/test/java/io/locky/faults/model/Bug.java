package io.locky.faults.model;

import static io.locky.faults.model.Promise.AT_MOST_ONE_HOLDER;
import static io.locky.faults.model.Promise.CONTENDED_IS_NOT_UNAVAILABLE;
import static io.locky.faults.model.Promise.EVERY_EXPIRY_IS_PUBLISHED;
import static io.locky.faults.model.Promise.EXPIRY_IS_PUBLISHED_ONCE;
import static io.locky.faults.model.Promise.FAILED_ATTEMPT_CHANGES_NOTHING;
import static io.locky.faults.model.Promise.FENCE_RISES_WITH_EACH_GRANT;
import static io.locky.faults.model.Promise.OPERATION_TAKES_EFFECT_ONCE;
import static io.locky.faults.model.Promise.SAVE_THAT_CHECKS_THE_FENCE_IS_SAFE;
import static io.locky.faults.model.Promise.STALE_HANDLE_CHANGES_NOTHING;

/**
 * Mistakes that the protocol could have, each with the promise that it breaks first.
 */
enum Bug {

	/** The check and the grant are not one step. */
	GRANTS_WHAT_IS_HELD(AT_MOST_ONE_HOLDER),

	/** An attempt replaces the record of an expired grant without a claim. */
	NO_EXPIRY_ON_ACQUIRE(EVERY_EXPIRY_IS_PUBLISHED),

	/** A release by a handle ends whatever grant there is. */
	RELEASE_WITHOUT_OWNER(STALE_HANDLE_CHANGES_NOTHING),

	/** A refresh by a handle extends whatever grant there is. */
	REFRESH_WITHOUT_OWNER(STALE_HANDLE_CHANGES_NOTHING),

	/** A release keeps no answer: sent twice, it runs twice. */
	RELEASE_KEEPS_NO_ANSWER(OPERATION_TAKES_EFFECT_ONCE),

	/** An attempt has no id: sent again, it is denied by its own grant. */
	ACQUIRE_WITHOUT_ATTEMPT_ID(FAILED_ATTEMPT_CHANGES_NOTHING),

	/** The first sending of an attempt that was sent again may be granted later. */
	LATE_SENDING_IS_GRANTED(OPERATION_TAKES_EFFECT_ONCE),

	/**
	 * When it is found out what came of an attempt, only its first sending is made
	 * invalid: that was so until this model found it.
	 */
	CHECK_ENDS_THE_FIRST_SENDING_ONLY(OPERATION_TAKES_EFFECT_ONCE),

	/** An attempt that is denied writes its record. */
	DENIED_ATTEMPT_WRITES(FAILED_ATTEMPT_CHANGES_NOTHING),

	/** No answer in time counts as denied. */
	TIMEOUT_IS_DENIED(CONTENDED_IS_NOT_UNAVAILABLE),

	/** A worker deletes what it claims. */
	CLAIM_DELETES(EVERY_EXPIRY_IS_PUBLISHED),

	/** A worker acknowledges an expiry before it publishes it. */
	ACK_BEFORE_PUBLISH(EVERY_EXPIRY_IS_PUBLISHED),

	/** A claim of a worker that died stays its own. */
	CLAIM_IS_NEVER_DUE_AGAIN(EVERY_EXPIRY_IS_PUBLISHED),

	/** A worker does not ask again for claims whose answer got lost. */
	LOST_CLAIM_IS_NOT_RECOVERED(EVERY_EXPIRY_IS_PUBLISHED),

	/** A worker takes the claims of workers that live. */
	CLAIM_HAS_NO_OWNER(EXPIRY_IS_PUBLISHED_ONCE),

	/** The fence is the last one plus one, and a failover loses the last one. */
	FENCE_FROM_COUNTER(FENCE_RISES_WITH_EACH_GRANT),

	/** The store accepts any fence. */
	SAVE_WITHOUT_CHECK(SAVE_THAT_CHECKS_THE_FENCE_IS_SAFE);

	private final Promise breaks;

	Bug(Promise breaks) {
		this.breaks = breaks;
	}

	Promise breaks() {
		return this.breaks;
	}

}
