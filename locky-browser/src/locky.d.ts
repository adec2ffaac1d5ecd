/** What a server shows of a holder. An application may show other members: see `LockHolderView`. */
export interface Holder {
	locker?: string;
	/** The time of the grant, ISO-8601 in UTC. */
	since?: string;
	/** The rest of the lease in seconds; absent if it does not end, and in events. */
	expiresIn?: number;
	fence?: number;
	/** Absent in events. */
	note?: string;
	/** Since when the holder is idle, ISO-8601 in UTC; absent if it is active. */
	idleSince?: string;
	[shown: string]: unknown;
}

export interface LockState {
	resource: string;
	held: boolean;
	/** Whether the user of this page holds the lock, in this tab or in another one. */
	own: boolean;
	holder: Holder | null;
}

export type LossReason = 'takenover' | 'ended' | 'unreachable' | 'unauthenticated' | 'left';

export interface Loss {
	reason: LossReason;
	resource: string;
	fence: number;
	/** The current holder, as far as it is known. */
	holder: Holder | null;
	/** Whether the current holder is the same user, in another tab. */
	own: boolean;
}

export interface Callable {
	/** Ends the call with a LockError, whose code is `aborted`. */
	signal?: AbortSignal;
}

export interface LockCallbacks {
	/** The lock is lost. Exactly one callback is called, once. */
	onLost?: (loss: Loss) => void;
	/** Another user or tab has taken over; without it, `onLost` is called. */
	onTakenOver?: (loss: Loss) => void;
	/** A heartbeat failed and will be repeated. */
	onError?: (error: LockError) => void;
}

export interface AdoptOptions extends LockCallbacks, Callable {
}

export interface AcquireOptions extends AdoptOptions {
	/** At most 256 characters, for others to see. */
	note?: string;
	/** The lease in seconds, if the server allows it. */
	ttl?: number;
}

export interface Lock {
	readonly resource: string;
	/** The holder, or null if the grant was adopted. */
	readonly locker: string | null;
	/** The fencing token, to be sent with a save. */
	readonly fence: number;
	/** The seconds after which the grant ends whatever the page does, or null. */
	readonly maxHold: number | null;
	/** Whether the lock is held, by the clocks of this page. */
	readonly held: boolean;
	/** Sends a heartbeat now, and returns whether the lock is held. */
	check(options?: Callable): Promise<boolean>;
	/** Releases the lock. No callback is called after that. */
	release(options?: Callable): Promise<void>;
}

export interface WatchOptions {
	/** Stops the watch, as the returned function does. */
	signal?: AbortSignal;
	/** Watches in a hidden tab too, for example to notify the user. False by default. */
	hidden?: boolean;
	/** A request failed and will be repeated, or the resources may not be watched, or the session has ended. */
	onError?: (error: LockError) => void;
	/** A stream brings changes from now on, or the state is polled from now on. It is polled at first. */
	onLive?: (live: boolean) => void;
}

export interface Settings {
	/** The path or URL of the endpoints. */
	base?: string;
	/** Replaces the global fetch, for the stream too. */
	fetch?: typeof fetch | null;
	/** Headers of every request, or a function that returns them before each one. */
	headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | null;
	credentials?: RequestCredentials;
	/** Tabs with the same scope share a stream: give each user one if the login is not a cookie. Null: no tabs share one. */
	scope?: string | null;
}

/** A refusal or a failure of a call. */
export class LockError extends Error {
	private constructor();
	/** The status of the answer; 0 without one. */
	readonly status: number;
	/** The code of the problem type, or `unreachable`, `aborted`, `refused` (an answer that is not of Locky). */
	readonly code: string;
	readonly resource: string | null;
	/** Whether the same user holds the lock, in another tab. */
	readonly own: boolean;
	readonly holder: Holder | null;
	/** Seconds; 0 if the server gave none. */
	readonly retryAfter: number;
	/** The problem detail, or an empty object. */
	readonly problem: Readonly<Record<string, unknown>>;
}

/** Sets what differs from the defaults, before the first call. */
export function configure(settings: Settings): void;

/** Acquires a lock, or fails with a LockError: its code is `locked` if the lock is held. */
export function acquire(resource: string, options?: AcquireOptions): Promise<Lock>;

/** Takes a lock over from the grant with this fence, and from no other. */
export function takeOver(resource: string, fence: number, options?: AcquireOptions): Promise<Lock>;

/** Continues a grant that the server acquired for this page, unless another tab does: then the code is `locked`. */
export function adopt(resource: string, fence: number, options?: AdoptOptions): Promise<Lock>;

/** Returns who holds a lock. */
export function holder(resource: string, options?: Callable): Promise<LockState>;

/** Returns who holds several locks. */
export function holders(resources: readonly string[] | ReadonlySet<string>, options?: Callable): Promise<Map<string, LockState>>;

/** Calls back with the state of every resource, at first and on every change. Returns a function that stops it. */
export function watch(resources: readonly string[] | ReadonlySet<string>, callback: (state: LockState) => void, options?: WatchOptions): () => void;

/** Goes on watching after a login. A lock that is acquired and a new watch do it too. */
export function resume(): void;
