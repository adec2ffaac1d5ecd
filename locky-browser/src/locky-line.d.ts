import { AcquireOptions, Lock, LockError } from './locky.js';

export interface PlaceInLine {
	/** 1 for the next one. */
	position: number;
	/** How many are in the line. */
	length: number;
	/** The seconds for which the lock is still offered to this page, or null. */
	offeredFor: number | null;
}

export interface Offer {
	/** The seconds after which the next one is offered the lock. */
	secondsLeft: number;
	/** Acquires the lock. */
	take(options?: AcquireOptions): Promise<Lock>;
}

export interface LineOptions {
	/** At first, and on every change. */
	onPlace?: (place: PlaceInLine) => void;
	/** It is the turn of this page. */
	onOffer?: (offer: Offer) => void;
	/** The place has ended, with an error if the server refused it; null if its lease or its offer is over. */
	onLost?: (error: LockError | null) => void;
	/** A request failed and will be repeated. */
	onError?: (error: LockError) => void;
	/** Leaves the line, as leave() does. */
	signal?: AbortSignal;
}

/** Joins the line for a lock. A user has one place in it: two tabs share it. */
export function joinLine(resource: string, options?: LineOptions): { leave(): Promise<void> };
