import type { Callable, Holder, Lock, LockCallbacks } from './locky.js';

/** A request to hand over a lock. */
export interface HandoverRequest {
	id: string;
	resource: string;
	/** Who asks; null if the server does not show it. A `LockHolderView` may add members. */
	locker: string | null;
	note: string | null;
	/** ISO-8601 in UTC. */
	askedAt: string;
	answer: 'now' | 'later' | 'no' | null;
	/** Why the holder keeps the lock, or null. */
	reason: string | null;
	/** From when on the one who asked may take the lock, or null. */
	claimableAt: string | null;
	/** The seconds until then. */
	claimableIn: number | null;
	/** Whether the user of this page asks. */
	own: boolean;
	/** The fence of the grant that the lock was handed over with, or null. */
	granted: number | null;
	[shown: string]: unknown;
}

export interface AskOptions extends LockCallbacks {
	/** A text for the holder, at most 256 characters. */
	note?: string;
	/** The lease in seconds, if the server allows it. */
	ttl?: number;
	/** Withdraws the request. */
	signal?: AbortSignal;
	/** The holder has answered, or changed its answer. */
	onAnswer?: (request: HandoverRequest) => void;
	/** The lock is that of this page now. */
	onGranted?: (lock: Lock) => void;
	/** The grant has ended that was asked for, and somebody else has the lock: ask again. */
	onEnded?: (end: { holder: Holder | null; own: boolean }) => void;
}

export interface Asking {
	/** The request as it is now; null if the lock was free and is that of this page. */
	readonly request: HandoverRequest | null;
	/** Withdraws the request. If it is too late, the lock is released. No callback is called after that. */
	withdraw(): Promise<void>;
}

export interface AskedOptions {
	/** A request was withdrawn. */
	onWithdrawn?: (request: HandoverRequest) => void;
}

/** Asks the holder of a lock to hand it over. If the lock is free, it is acquired at once. */
export function ask(resource: string, options?: AskOptions): Promise<Asking>;

/** Calls back with each request to hand over a lock of this page. Ends with the lock. Returns a function that stops it. */
export function onAsked(lock: Lock, callback: (request: HandoverRequest) => void, options?: AskedOptions): () => void;

/** Answers a request. After `now`, the lock is lost. */
export function answer(lock: Lock, request: HandoverRequest, what: 'now' | { later: number } | { no: string }, options?: Callable): Promise<HandoverRequest>;
