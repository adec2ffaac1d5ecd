import type { AcquireOptions, Holder, Lock, LockError } from './locky.js';

/** What happened to the lock when somebody came back to the page. */
export interface Back {
	/** Whether the lock is held again, and nobody else has changed what it protects. */
	unchanged: boolean;
	/** The new grant; null if it is not unchanged. */
	lock: Lock | null;
	/** Who holds the lock now, if it was refused. */
	holder: Holder | null;
	/** Why it was refused; absent if what it protects has changed. */
	error?: LockError;
}

export interface AttentionOptions {
	/** Seconds without input, after which the holder is idle. 300 by default. */
	idleAfter?: number;
	/** Seconds of the countdown, at whose end the lock is released. 60 by default; with Infinity it is never released. */
	grace?: number;
	/** The holder is idle: called each second of the countdown, or once with null if there is none. */
	onIdle?: (countdown: { secondsLeft: number | null }) => void;
	/** Input during the countdown. */
	onActive?: () => void;
	/** The lock was released. The page must not save any more. */
	onReleased?: () => void;
	/** Somebody is back, and the lock was acquired again or not. */
	onBack?: (back: Back) => void;
	/** An attempt to come back failed, and is repeated with the next input after some seconds. */
	onError?: (error: unknown) => void;
	/** Acquires the lock again; by default with the options of the first time. */
	resume?: () => Promise<Lock>;
	/** The fence with which what the lock protects was saved last, 0 for never. Asked while the lock is held again. */
	lastFence?: () => Promise<number> | number;
	/** Without fences: whether what it protects is as it was. Asked while the lock is held again. */
	isUnchanged?: (lock: Lock, before: Lock) => Promise<boolean> | boolean;
}

export interface Attention {
	/** The lock, or null while it is not held. */
	readonly lock: Lock | null;
	/** Goes on without watching input. The lock stays held. */
	stop(): void;
}

/** Gives a lock back when nobody has done anything in this page for some time, and takes it again when somebody does. */
export function watchAttention(lock: Lock, options?: AttentionOptions): Attention;

export interface Refusal {
	error: LockError;
	/** Brings back what the fields had before the first input. */
	restore: () => void;
	/** Makes the fields editable again. */
	thaw: () => void;
}

export interface InputOptions extends AcquireOptions {
	onAcquired?: (lock: Lock) => void;
	/** The lock was refused. The fields are read-only, with what was typed. */
	onRefused?: (refusal: Refusal) => void;
}

/** Takes a lock with the first input into a form, a field or an editable element. What is typed stays. */
export function acquireOnInput(target: HTMLElement, resource: string, options?: InputOptions): {
	/** The lock, or a LockError. */
	promise: Promise<Lock>;
	/** Does not take the lock any more. A lock that is held stays held. */
	stop: () => void;
};
