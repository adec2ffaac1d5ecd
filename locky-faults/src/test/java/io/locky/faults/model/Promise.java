package io.locky.faults.model;

/**
 * What the README promises, in its words, and what its promises rest on.
 */
enum Promise {

	/**
	 * One Redis decides. A resource has at most one holder while that Redis keeps its
	 * data and its clock is accurate.
	 */
	AT_MOST_ONE_HOLDER,

	/** Every grant has a fence that rises with each grant, also after a failover. */
	FENCE_RISES_WITH_EACH_GRANT,

	/**
	 * A failover can lose an acknowledged lock; a save that must be safe has to check the
	 * fence. Then no save of an earlier grant is accepted after one of a later grant.
	 */
	SAVE_THAT_CHECKS_THE_FENCE_IS_SAFE,

	/**
	 * Every expiry is published at least once across all instances: from every state,
	 * instances that run bring it about.
	 */
	EVERY_EXPIRY_IS_PUBLISHED,

	/** And exactly once unless an instance dies during delivery. */
	EXPIRY_IS_PUBLISHED_ONCE,

	/** A failed attempt changes nothing. */
	FAILED_ATTEMPT_CHANGES_NOTHING,

	/** A stale handle cannot refresh or release the lock of the next holder. */
	STALE_HANDLE_CHANGES_NOTHING,

	/**
	 * Contended and unavailable are different answers: "denied" is what Redis has
	 * answered.
	 */
	CONTENDED_IS_NOT_UNAVAILABLE,

	/** An operation is safe to repeat: it takes effect once, and not after its end. */
	OPERATION_TAKES_EFFECT_ONCE

}
