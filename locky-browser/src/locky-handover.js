// Asking the holder of a lock to hand it over, and answering. Documented in docs/people-handover.md.

import { acquire, adopt, watch } from './locky.js';
import { LockError, abortedError, call, request } from './locky-http.js';
import { onEvent } from './locky-live.js';

// Holders

const holders = new Set();

/**
 * Calls back with each request to hand over a lock of this page, and again if its note changes. options.onWithdrawn is called
 * with a request that is gone. Ends with the lock. Returns a function that stops it.
 */
export function onAsked(lock, callback, options = {}) {
	const asked = new Asked(lock, callback, options);
	return () => asked.stop();
}

class Asked {

	#known = new Map();
	#answered = new Set();
	#callback;
	#options;
	#stops;

	constructor(lock, callback, options) {
		this.lock = lock;
		this.#callback = callback;
		this.#options = options;
		// With a stream, a request is heard at once; without one, with the answer to the next heartbeat.
		this.#stops = [watch([lock.resource], () => {}, { hidden: true })];
		holders.add(this);
		this.#stops.push(lock._add({ extended: ({ requests }, sent) => this.#set(requests ?? [], sent), ended: () => this.stop() }));
		lock.check().catch(() => {});
	}

	/** A request that came after the heartbeat was sent is not missing in its answer. */
	#set(requests, sent) {
		const open = new Set(requests.map(({ id }) => id));
		[...this.#known].forEach(([id, { at }]) => open.has(id) || at > sent || this.withdrawn(id));
		requests.forEach((asked) => this.#answered.has(asked.id) || this.asked(asked));
	}

	asked(asked) {
		const known = this.#known.get(asked.id);
		if (!known || known.asked.note !== asked.note) {
			this.#known.set(asked.id, { asked, at: performance.now() });
			call(this.#callback, asked);
		}
	}

	withdrawn(id) {
		const known = this.#known.get(id);
		if (this.#known.delete(id)) {
			call(this.#options.onWithdrawn, known.asked);
		}
	}

	/** An answered request is not open any more, but was not withdrawn either. */
	answered(id) {
		this.#known.delete(id);
		this.#answered.add(id);
	}

	stop() {
		holders.delete(this);
		this.#stops.forEach((stop) => stop());
	}

}

/** Answers a request: 'now', {later: seconds} or {no: reason}. Returns the request. After 'now', the lock is lost. */
export async function answer(lock, { id }, what, { signal } = {}) {
	const given = what === 'now' ? { answer: 'now' }
		: what.later !== undefined ? { answer: 'later', seconds: what.later } : { answer: 'no', reason: what.no };
	const body = { resource: lock.resource, fence: lock.fence, request: id, ...given };
	const answered = await request('/handovers/answer', body, { signal });
	holders.forEach((asked) => asked.lock === lock && asked.answered(id));
	if (what === 'now') {
		lock._lose('takenover', { locker: answered.locker, fence: answered.granted }, false);
	}
	return answered;
}

// Those who ask

const askers = new Set();

const POLL_LIVE = 30;
const POLL = 4;
const RETRY = 2;

/**
 * Asks the holder of a lock to hand it over. If the lock is free, it is acquired at once. Returns {request, withdraw()}. Calls
 * back onAnswer(request), and in the end either onGranted(lock) or onEnded({holder, own}).
 */
export async function ask(resource, options = {}) {
	const { signal } = options;
	if (signal?.aborted) {
		throw abortedError(signal);
	}
	const asking = new Asking(resource, options);
	await asking.start();
	signal?.addEventListener('abort', () => asking.withdraw().catch(() => {}), { once: true });
	return asking;
}

class Asking {

	/** The request as it is now; null if the lock was free. */
	request = null;
	#resource;
	#options;
	#callbacks;
	#over = false;
	#reading = null;
	#again = false;
	#live = false;
	#timers = new Map();
	#stopWatching = null;

	constructor(resource, { note, ttl, signal, onAnswer, onGranted, onEnded, ...callbacks }) {
		this.#resource = resource;
		this.#options = { note, ttl, onAnswer, onGranted, onEnded };
		this.#callbacks = callbacks;
	}

	async start() {
		try {
			this.request = await request('/handovers/ask', { resource: this.#resource, note: this.#options.note });
		} catch (error) {
			if (error.code !== 'nobody-to-ask' || error.problem.held) {
				throw error;
			}
			this.#granted(await acquire(this.#resource, this.#callbacks));
			return;
		}
		askers.add(this);
		this.#schedule();
		this.#stopWatching = watch([this.#resource], () => this.read(), {
			hidden: true,
			onLive: (live) => {
				this.#live = live;
				this.read();
			},
		});
	}

	/** Withdraws the request. If it is too late, the lock is released. No callback is called after that. */
	async withdraw() {
		if (!this.#end()) {
			return;
		}
		try {
			await request('/handovers/withdraw', { resource: this.#resource, request: this.request.id });
		} catch (error) {
			const granted = error.code === 'request-ended' && (await this.#find())?.granted;
			if (granted) {
				await request('/locks/release', { resource: this.#resource, fence: granted });
			} else if (error.code !== 'request-ended') {
				throw error;
			}
		}
	}

	async #find() {
		const { requests } = await request(`/handovers?${new URLSearchParams({ resource: this.#resource })}`);
		return requests.find(({ id }) => id === this.request.id);
	}

	onEvent(name, event) {
		if (name === 'answered' && event.request.id === this.request.id) {
			this.#set(event.request);
			this.read();
		}
	}

	/** Reads the request, and goes on by what became of it. */
	async read() {
		this.#again = true;
		this.#reading ??= this.#readUntilSettled().finally(() => {
			this.#reading = null;
		});
		return this.#reading;
	}

	async #readUntilSettled() {
		while (this.#again && !this.#over) {
			this.#again = false;
			try {
				await this.#readOnce();
			} catch (error) {
				this.#failed(error);
			}
		}
	}

	async #readOnce() {
		const found = await this.#find();
		// An event that came meanwhile may be newer than the answer: it is read again.
		if (this.#over || this.#again) {
			return;
		}
		if (!found) {
			await this.#acquireIfFree();
			return;
		}
		this.#set(found);
		if (found.granted) {
			await this.#adopt(found.granted);
		} else if (found.claimableIn !== null && found.claimableIn <= 0) {
			await this.#claim();
		}
	}

	/** The grant that was asked for has ended, and the request with it. */
	async #acquireIfFree() {
		try {
			this.#granted(await acquire(this.#resource, { note: this.#options.note, ttl: this.#options.ttl, ...this.#callbacks }));
		} catch (error) {
			if (error.code !== 'locked' && error.code !== 'forbidden') {
				throw error;
			}
			this.#ended(error);
		}
	}

	async #claim() {
		try {
			const { fence } = await request('/handovers/claim', { resource: this.#resource, request: this.request.id, ttl: this.#options.ttl });
			await this.#adopt(fence);
		} catch (error) {
			if (error.code !== 'locked' && error.code !== 'grant-ended') {
				throw error;
			}
			// Too early by the clock of Redis, or the holder has just answered, or the grant has ended.
			this.#wake('claim', RETRY);
		}
	}

	async #adopt(fence) {
		try {
			this.#granted(await adopt(this.#resource, fence, this.#callbacks));
		} catch (error) {
			if (error.code !== 'locked' && error.code !== 'grant-ended') {
				throw error;
			}
			this.#ended(error);
		}
	}

	#granted(lock) {
		const late = this.#over;
		this.#end();
		// Withdrawn meanwhile.
		late ? lock.release().catch(() => {}) : call(this.#options.onGranted, lock);
	}

	#ended({ holder, own }) {
		this.#end() && call(this.#options.onEnded, { holder, own });
	}

	#set(found) {
		const { answer: before, reason, claimableAt } = this.request;
		this.request = { ...found, granted: found.granted ?? this.request.granted };
		this.#schedule();
		if (found.answer && (found.answer !== before || found.reason !== reason || found.claimableAt !== claimableAt)) {
			call(this.#options.onAnswer, this.request);
		}
	}

	#schedule() {
		clearTimeout(this.#timers.get('claim'));
		if (this.request.claimableIn !== null) {
			this.#wake('claim', this.request.claimableIn + 0.02);
		}
		this.#wake('poll', this.#live ? POLL_LIVE : POLL);
	}

	#wake(reason, seconds) {
		clearTimeout(this.#timers.get(reason));
		this.#over || this.#timers.set(reason, setTimeout(() => this.read(), Math.min(seconds, 86_400) * 1000));
	}

	#failed(error) {
		if (!(error instanceof LockError) || error.code === 'unauthenticated') {
			this.#end();
		}
		this.#wake('poll', Math.max(error.retryAfter ?? 0, POLL));
		call(this.#callbacks.onError, error);
	}

	#end() {
		const first = !this.#over;
		this.#over = true;
		askers.delete(this);
		this.#timers.forEach((timer) => clearTimeout(timer));
		this.#stopWatching?.();
		return first;
	}

}

onEvent((name, event) => {
	[...askers].forEach((asking) => asking.onEvent(name, event));
	const own = event.request?.own ?? true;
	[...holders].filter(({ lock }) => !own && lock.resource === event.resource).forEach((asked) => {
		if (name === 'asked') {
			asked.asked(event.request);
		} else if (name === 'withdrawn') {
			asked.withdrawn(event.request.id);
		}
	});
});
