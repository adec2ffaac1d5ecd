/*
 * Locks that people hold, in the browser. No dependencies, no build step. Documented in docs/web.md.
 *
 * A lock is one grant, identified by its fencing token (the fence). A tab that loses its lock never acquires it again by
 * itself: another user may have changed in the meantime what it protects.
 */

import { LockError, abortedError, call, onLoggedOut, releaseOnUnload, request, scope } from './locky-http.js';
import { onEvent, resume } from './locky-live.js';
import { after, now, until } from './locky-time.js';

export { LockError, configure } from './locky-http.js';
export { holders, resume, watch } from './locky-live.js';

const page = globalThis.document;

// Ticks

const held = new Set();
let ticker = null;
let offset = 0;

function tick() {
	// Which clock is right after a step back, only the server can say.
	const [monotonic, wall] = now();
	const setBack = wall - monotonic < offset - 1000;
	offset = wall - monotonic;
	held.forEach((lock) => lock._tick(setBack));
}

function startTicking() {
	if (ticker) {
		return;
	}
	const [monotonic, wall] = now();
	offset = wall - monotonic;
	const fallback = () => {
		const timer = setInterval(tick, 250);
		ticker = { stop: () => clearInterval(timer) };
	};
	try {
		const worker = new Worker(new URL('./locky-ticker.js', import.meta.url));
		worker.onmessage = tick;
		worker.onerror = () => {
			if (ticker?.worker === worker) {
				fallback();
			}
		};
		ticker = { worker, stop: () => worker.terminate() };
	} catch {
		fallback();
	}
}

function stopTicking() {
	if (held.size === 0) {
		ticker?.stop();
		ticker = null;
	}
}

// A page that was hidden, frozen or offline sends the heartbeats that are due at once.
for (const event of ['visibilitychange', 'resume']) {
	page?.addEventListener(event, tick);
}
for (const event of ['focus', 'online']) {
	globalThis.addEventListener?.(event, tick);
}

globalThis.addEventListener?.('pagehide', () => [...held].forEach((lock) => lock._leave()));

globalThis.addEventListener?.('pageshow', (event) => {
	if (event.persisted) {
		const back = [...left];
		left.clear();
		back.forEach((lock) => lock._restored());
	}
});

onLoggedOut(() => [...held].forEach((lock) => lock._lose('unauthenticated', null, false)));

// A live stream reports a loss earlier than the next heartbeat.
onEvent((name, event) => [...held].forEach((lock) => lock._onEvent(name, event)));

// Locks

const left = new Set();

const HEARTBEATS_PER_TTL = 3;

class Lock {

	#deadline;
	#next;
	#heartbeat = null;
	#over = false;
	#unmark;
	#callbacks;
	#listeners = new Set();

	/** Parts of other modules: {tick(), heartbeat(): members of its body, extended(answer, time when it was sent), ended()}. */
	_parts = new Set();

	/** Acquires the same lock once more, with the options of this one. */
	_again;

	constructor(grant, unmark, callbacks) {
		this.resource = grant.resource;
		this.locker = grant.locker ?? null;
		this.fence = grant.fence;
		this.maxHold = grant.maxHold ?? null;
		this.#unmark = unmark;
		this.#callbacks = callbacks;
	}

	/** Whether the lock is held, by the clocks of this page. */
	get held() {
		return !this.#over && until(this.#deadline) > 0;
	}

	/** Sends a heartbeat now, and returns whether the lock is held. */
	async check({ signal } = {}) {
		if (!this.#over) {
			await abortable(this.#sendHeartbeat(), signal);
		}
		return this.held;
	}

	/** Releases the lock. No callback is called after that. */
	async release({ signal } = {}) {
		if (this.#end()) {
			await abortable(request('/locks/release', { resource: this.resource, fence: this.fence }), signal);
		}
	}

	/** The lease counts from before the request was sent, so that it never ends later here than on the server. */
	_extend(sent, seconds) {
		this.#deadline = after(sent, seconds === null ? Infinity : seconds * 1000);
		this.#next = after(sent, seconds === null ? 60_000 : Math.max(500, (seconds * 1000) / HEARTBEATS_PER_TTL));
	}

	/** Adds a part of another module. Returns a function that removes it. */
	_add(part) {
		this.#over ? part.ended?.() : this._parts.add(part);
		return () => this._parts.delete(part);
	}

	_start() {
		held.add(this);
		startTicking();
		return this;
	}

	_tick(setBack) {
		if (!this.#over && (setBack || until(this.#next) <= 0)) {
			this.#sendHeartbeat();
		}
		this._parts.forEach((part) => part.tick?.());
	}

	#sendHeartbeat() {
		this.#heartbeat ??= this.#heartbeatRequest().finally(() => {
			this.#heartbeat = null;
		});
		return this.#heartbeat;
	}

	async #heartbeatRequest() {
		const sent = now();
		const left = until(this.#deadline);
		// After the deadline one more request is worthwhile: the lease on the server may end a little later.
		const timeout = Math.min(10_000, Math.max(2_000, left));
		try {
			const body = Object.assign({ resource: this.resource, fence: this.fence }, ...[...this._parts].map((part) => part.heartbeat?.()));
			const lease = await request('/locks/heartbeat', body, { timeout });
			this._extend(sent, lease.expiresIn);
			this.#over || this._parts.forEach((part) => part.extended?.(lease, sent[0]));
		} catch (error) {
			this.#failed(error, left > 0);
		}
	}

	#failed(error, sentInTime) {
		if (this.#over) {
			return;
		}
		if (error.code === 'grant-ended') {
			this._lose(error.holder ? 'takenover' : 'ended', error.holder, error.own);
			return;
		}
		if (error.code === 'too-many-heartbeats') {
			// There was one just now: it says nothing about the lease, but the next one does.
			this.#next = after(now(), Math.max(1, error.retryAfter) * 1000);
			return;
		}
		if (error.status !== 429) {
			call(this.#callbacks.onError, error);
		}
		const late = -until(this.#deadline);
		// A request that was under way when the computer went to sleep proves nothing: send another one.
		const slept = late > 1_500 && sentInTime;
		if (late >= 0 && !slept) {
			this._lose('unreachable', null, false);
			return;
		}
		const wait = slept ? 0 : Math.min(Math.max(1, error.retryAfter) * 1000, -late);
		this.#next = after(now(), wait);
	}

	_lose(reason, holder, own) {
		if (this.#end()) {
			this.#notify({ reason, resource: this.resource, fence: this.fence, holder, own });
		}
	}

	/** Calls back with the loss too, in front of the callbacks of the application. */
	_onLoss(listener) {
		this.#listeners.add(listener);
	}

	#notify(loss) {
		this.#listeners.forEach((listener) => listener(loss));
		const { onLost, onTakenOver } = this.#callbacks;
		call(loss.reason === 'takenover' ? onTakenOver ?? onLost : onLost, loss);
	}

	#end() {
		const first = !this.#over;
		this.#over = true;
		this.#unmark();
		held.delete(this);
		left.delete(this);
		stopTicking();
		first && this._parts.forEach((part) => part.ended?.());
		return first;
	}

	_leave() {
		if (this.#end()) {
			releaseOnUnload(this.resource, this.fence);
			left.add(this);
		}
	}

	/** The lock is not acquired again: what the page shows may be out of date. */
	async _restored() {
		const state = await holder(this.resource).catch(() => ({ holder: null, own: false }));
		this.#notify({ reason: 'left', resource: this.resource, fence: this.fence, holder: state.holder, own: state.own });
	}

	_onEvent(name, event) {
		const fence = event.lock?.fence;
		if (event.resource !== this.resource || !fence) {
			return;
		}
		if ((name === 'acquired' || name === 'takenover') && fence > this.fence) {
			this._lose('takenover', event.lock, event.own);
		} else if ((name === 'released' || name === 'expired') && fence === this.fence) {
			this._lose('ended', null, false);
		}
	}

}

/** Ends the waiting for a result, not the work for it. */
function abortable(result, signal) {
	if (!signal) {
		return result;
	}
	return new Promise((resolve, reject) => {
		const abort = () => reject(abortedError(signal));
		signal.aborted ? abort() : signal.addEventListener('abort', abort);
		result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
	});
}

/**
 * Marks a grant as that of this tab, with a Web Lock: a duplicate of the tab has the fence, too. Returns a function that takes
 * the mark away, or null if another tab has it. The previous page of this tab may need a moment to give it up.
 */
function mark(resource, fence) {
	const locks = globalThis.navigator?.locks;
	if (!locks) {
		return () => {};
	}
	return new Promise((resolve) => {
		const options = { signal: AbortSignal.timeout(500) };
		locks.request(`${scope()} ${fence} ${resource}`, options, () => new Promise((unmark) => resolve(unmark)))
			.catch((error) => resolve(error.name === 'TimeoutError' || error.name === 'AbortError' ? null : () => {}));
	});
}

// The ids of requests without an answer. The same id again gives the same grant, if there was one.
const unanswered = new Map();

async function repeated(path, body) {
	const key = `${path} ${body.resource} ${body.fence}`;
	const id = unanswered.get(key) ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(36)).join('');
	unanswered.delete(key);
	for (let attempt = 1; ; attempt++) {
		const sent = now();
		try {
			return { sent, grant: await request(path, { ...body, page: id }) };
		} catch (error) {
			if (error.status === 0 && attempt < 2) {
				continue;
			}
			if (error.status === 0) {
				unanswered.set(key, id);
			}
			throw error;
		}
	}
}

async function take(path, body, { signal, note, ttl, ...callbacks }) {
	if (signal?.aborted) {
		throw abortedError(signal);
	}
	const taken = repeated(path, { ...body, note, ttl }).then(async ({ sent, grant }) => {
		const lock = new Lock(grant, await mark(grant.resource, grant.fence) ?? (() => {}), callbacks);
		lock._again = () => acquire(grant.resource, { note, ttl, ...callbacks });
		lock._extend(sent, grant.ttl);
		resume();
		return lock._start();
	});
	try {
		return await abortable(taken, signal);
	} catch (error) {
		if (error.code === 'aborted') {
			taken.then((lock) => lock.release()).catch(() => {});
		}
		throw error;
	}
}

/** Acquires a lock, or throws a LockError: its code is 'locked' if the lock is held. */
export function acquire(resource, options = {}) {
	return take('/locks/acquire', { resource }, options);
}

/** Takes a lock over from the grant with this fence, and from no other. */
export function takeOver(resource, fence, options = {}) {
	return take('/locks/takeover', { resource, fence }, options);
}

/** Continues a grant that the server acquired for this page, unless another tab does. */
export async function adopt(resource, fence, { signal, ...callbacks } = {}) {
	const unmark = await mark(resource, fence);
	if (!unmark) {
		const { holder: other } = await holder(resource, { signal });
		throw new LockError(423, 'locked', `Another tab holds '${resource}' with this grant.`,
			{ problem: { type: 'urn:problem-type:locky:locked', resource, own: true, ...other } });
	}
	try {
		const sent = now();
		const lease = await request('/locks/heartbeat', { resource, fence }, { signal });
		const lock = new Lock(lease, unmark, callbacks);
		lock._again = () => acquire(resource, callbacks);
		lock._extend(sent, lease.expiresIn);
		resume();
		return lock._start();
	} catch (error) {
		unmark();
		throw error;
	}
}

/** Returns who holds a lock: {resource, held, own, holder}. */
export function holder(resource, { signal } = {}) {
	return request(`/locks?${new URLSearchParams({ resource })}`, null, { signal });
}
