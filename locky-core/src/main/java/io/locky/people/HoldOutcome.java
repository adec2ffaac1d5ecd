package io.locky.people;

/**
 * How a hold has ended.
 *
 * @since 0.9.0
 */
public enum HoldOutcome {

	/** The holder released it. */
	RELEASED,

	/** It was released without naming its holder, for example by an operator. */
	FORCE_RELEASED,

	/** Another grant replaced it. */
	TAKEN_OVER,

	/** Its lease ended. */
	EXPIRED

}
