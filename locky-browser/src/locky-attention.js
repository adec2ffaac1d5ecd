/*
 * Locks of people who are there: a holder who is away gives the lock back, and a reader takes it with the first keystroke.
 * Documented in docs/people-attention.md.
 */

import { Fields } from './locky-fields.js';
import { abortedError, call } from './locky-http.js';
import { acquire } from './locky.js';
import { after, now, until } from './locky-time.js';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel', 'touchstart', 'touchmove', 'focus', 'visibilitychange'];

const THROTTLE = 200;

/** Seconds between two attempts to come back. */
const PAUSE = 2;

const FINAL = new Set(['locked', 'forbidden', 'unauthenticated', 'invalid-request', 'aborted']);

// Input in this page

const watching = new Set();
let pointer = '';
let lastInput = now();

/** Whether a person did it: a page moves under a pointer that rests, and scripts give the focus to fields. */
function isSign({ type, target, isTrusted, screenX, screenY }) {
	switch (type) {
		case 'pointermove': {
			const before = pointer;
			pointer = `${screenX} ${screenY}`;
			return pointer !== before;
		}
		case 'focus':
			return target === globalThis;
		case 'input':
			return isTrusted;
		case 'visibilitychange':
			return globalThis.document?.visibilityState !== 'hidden';
		default:
			return true;
	}
}

function onSign(event) {
	const soon = performance.now() - lastInput[0] < THROTTLE && -until(lastInput) < THROTTLE;
	if (isSign(event) && !(soon && [...watching].every((each) => each.isActive))) {
		lastInput = now();
		[...watching].forEach((each) => each.onInput());
	}
}

function add(attention) {
	if (watching.size === 0) {
		SIGNS.forEach((sign) => globalThis.addEventListener?.(sign, onSign, { capture: true, passive: true }));
	}
	watching.add(attention);
}

function remove(attention) {
	watching.delete(attention);
	if (watching.size === 0) {
		SIGNS.forEach((sign) => globalThis.removeEventListener?.(sign, onSign, { capture: true }));
	}
}

// Attention

class Attention {

	#lock;
	#options;
	#idleAfter;
	#grace;
	/** 'active', 'idle', 'released', 'returning', or 'over'. */
	#state = 'active';
	#said = null;
	/** The end of the countdown, or when to come back at the earliest. */
	#deadline = null;
	#secondsLeft;
	#released = null;

	constructor(lock, { idleAfter = 300, grace = 60, ...options }) {
		[this.#idleAfter, this.#grace, this.#options] = [idleAfter * 1000, grace * 1000, options];
		lastInput = now();
		add(this);
		this.#attach(lock);
	}

	/** The lock, or null while it is not held. */
	get lock() {
		return this.#lock?.held ? this.#lock : null;
	}

	get isActive() {
		return this.#state === 'active' || this.#state === 'over';
	}

	stop() {
		const wasIdle = this.#state === 'idle';
		this.#state = 'over';
		remove(this);
		(wasIdle ? this.#report() : Promise.resolve()).finally(() => this.#lock._parts.delete(this));
	}

	#end() {
		this.#state = 'over';
		this.#lock._parts.delete(this);
		remove(this);
	}

	#attach(lock) {
		this.#lock = lock;
		this.#state = 'active';
		this.#said = null;
		lock._parts.add(this);
	}

	// What the lock calls

	tick() {
		if (this.#state === 'active' && -until(lastInput) >= this.#idleAfter) {
			this.#state = 'idle';
			// After a sleep of the computer, too, there is time to come back.
			this.#deadline = after(now(), this.#grace);
			this.#secondsLeft = undefined;
			this.#report();
		}
		if (this.#state === 'idle') {
			this.#countDown();
		}
	}

	heartbeat() {
		this.#said = this.#state;
		return { idle: this.#state === 'idle' ? Math.round(-until(lastInput)) / 1000 : 0 };
	}

	/** Released by the page, or lost: its own callbacks say so. */
	ended() {
		if (this.#state === 'active' || this.#state === 'idle') {
			this.#end();
		}
	}

	#countDown() {
		const left = until(this.#deadline);
		if (left <= 0) {
			this.#release();
			return;
		}
		const secondsLeft = left === Infinity ? null : Math.ceil(left / 1000);
		if (secondsLeft !== this.#secondsLeft) {
			this.#secondsLeft = secondsLeft;
			call(this.#options.onIdle, { secondsLeft });
		}
	}

	/** The heartbeat that is due is not for some time. One that is under way may say what was before. */
	async #report() {
		const lock = this.#lock;
		await lock.check();
		if (this.#said !== this.#state && lock.held) {
			await lock.check();
		}
	}

	#release() {
		this.#state = 'released';
		this.#deadline = now();
		this.#lock._parts.delete(this);
		// If it does not arrive, the lease ends by itself.
		this.#released = this.#lock.release().catch(() => {}).then(() => call(this.#options.onReleased));
	}

	// What the person does

	onInput() {
		if (this.#state === 'idle') {
			this.#activate();
		} else if (this.#state === 'released' && until(this.#deadline) <= 0) {
			this.#return();
		}
	}

	#activate() {
		this.#state = 'active';
		this.#report();
		call(this.#options.onActive);
	}

	async #return() {
		this.#state = 'returning';
		const before = this.#lock;
		await this.#released;
		let lock = null;
		try {
			lock = await (this.#options.resume ?? before._again)();
		} catch (error) {
			this.#notBack(error);
			return;
		}
		if (this.#state === 'over') {
			lock.release().catch(() => {});
			return;
		}
		const unchanged = await this.#isUnchanged(lock, before);
		if (unchanged && lock.held && this.#state !== 'over') {
			this.#attach(lock);
			call(this.#options.onBack, { unchanged: true, lock, holder: null });
		} else {
			// What this page shows is out of date. It must not keep others from the lock.
			const notified = this.#state !== 'over';
			this.#end();
			await lock.release().catch(() => {});
			notified && call(this.#options.onBack, { unchanged: false, lock: null, holder: null });
		}
	}

	/** Refused, or not answered: then the next input tries again. */
	#notBack(error) {
		if (this.#state === 'over') {
			return;
		}
		if (!FINAL.has(error.code)) {
			this.#state = 'released';
			this.#deadline = after(now(), 1000 * Math.max(PAUSE, error.retryAfter ?? 0));
			call(this.#options.onError, error);
			return;
		}
		this.#end();
		call(this.#options.onBack, { unchanged: false, lock: null, holder: error.holder ?? null, error });
	}

	/** Asked while the lock is held again, so that the answer stays right. */
	async #isUnchanged(lock, before) {
		const { isUnchanged, lastFence } = this.#options;
		try {
			if (lastFence) {
				const fence = await lastFence();
				return Number.isSafeInteger(fence) && fence <= before.fence;
			}
			return await isUnchanged?.(lock, before) === true;
		} catch (error) {
			call(this.#options.onError, error);
			return false;
		}
	}

}

/**
 * Gives a lock back when nobody has done anything in this page for some time, and takes it again when somebody does. Returns
 * {lock, stop()}.
 */
export function watchAttention(lock, options = {}) {
	return new Attention(lock, options);
}

/**
 * Takes a lock with the first input into a form, a field or an editable element. What is typed stays. Returns
 * {promise: Promise<Lock>, stop()}.
 */
export function acquireOnInput(target, resource, { onAcquired, onRefused, signal, ...options } = {}) {
	const stopped = new AbortController();
	const fields = new Fields(target);
	let restore = fields.remember();
	const remember = () => { restore = fields.remember(); };
	const promise = new Promise((resolve, reject) => {
		const listening = new AbortController();
		const begin = () => {
			listening.abort();
			acquire(resource, { ...options, signal: stopped.signal }).then(resolve, reject);
		};
		const { signal: until } = listening;
		['focusin', 'beforeinput'].forEach((event) => target.addEventListener(event, remember, { capture: true, signal: until }));
		target.addEventListener('input', begin, { capture: true, signal: until });
		stopped.signal.addEventListener('abort', () => {
			listening.abort();
			reject(abortedError(stopped.signal));
		});
	});
	const stop = () => stopped.abort();
	signal?.aborted ? stop() : signal?.addEventListener('abort', stop, { signal: stopped.signal });
	promise.then((lock) => call(onAcquired, lock), (error) => {
		if (error.code !== 'aborted') {
			fields.freeze();
			call(onRefused, { error, restore, thaw: () => fields.thaw() });
		}
	});
	return { promise, stop };
}
