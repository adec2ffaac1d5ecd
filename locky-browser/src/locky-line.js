/*
 * Waiting in the line for a lock. Documented in docs/people-line.md.
 *
 * A place is a lease: the page refreshes it every third. Events of the live stream only make it look earlier, so that nothing
 * depends on them. A page that is closed sends nothing: its place ends by itself, and a page that is loaded again keeps it.
 */

import { call, onLoggedOut, request } from './locky-http.js';
import { onEvent, watch } from './locky-live.js';
import { acquire } from './locky.js';

const REFRESHES_PER_LEASE = 3;
const RETRY = 2_000;

/** Refusals that another attempt does not change. */
const FINAL = new Set([400, 401, 403, 404, 405]);

const waiting = new Set();

/**
 * Joins the line for a lock. Calls back with {position, length, offeredFor} at first and on every change, and with
 * {secondsLeft, take(options)} when it is the turn of this page; take() acquires the lock. Returns {leave()}.
 */
export function joinLine(resource, options = {}) {
	const place = new Place(resource, options);
	if (!options.signal?.aborted) {
		place.start();
	}
	return { leave: () => place.leave() };
}

class Place {

	#resource;
	#options;
	#path = '/line/join';
	#due = 0;
	#busy = null;
	#taking = false;
	#shown = null;
	#offered = false;
	#unwatch = null;
	#abort = () => this.leave();

	constructor(resource, options) {
		this.#resource = resource;
		this.#options = options;
	}

	start() {
		waiting.add(this);
		this.#options.signal?.addEventListener('abort', this.#abort);
		// One who watches the resource gets the events of its line too, in a hidden tab as well: its turn may come there.
		this.#unwatch = watch([this.#resource], () => {}, { hidden: true });
		startTicking();
		this.tick();
	}

	/** Refreshes the place if that is due. */
	tick() {
		if (waiting.has(this) && !this.#busy && !this.#taking && performance.now() >= this.#due) {
			this.#busy = this.#refresh().finally(() => { this.#busy = null; });
		}
	}

	async #refresh() {
		// What happens from now on makes it look again.
		this.#due = Infinity;
		try {
			const answer = await request(this.#path, { resource: this.#resource });
			this.#path = '/line/refresh';
			if (waiting.has(this) && !this.#taking) {
				this.#set(answer);
			}
		} catch (error) {
			this.#failed(error);
		}
	}

	#set({ own, length, places }) {
		if (!own) {
			this.#lose(null);
			return;
		}
		const offers = places.map((place) => place.offeredFor).filter((left) => left !== null);
		this.#lookIn(1000 * Math.min(own.expiresIn / REFRESHES_PER_LEASE, ...offers.map((left) => left + 0.1 + Math.random() / 2)));
		const { position, offeredFor } = own;
		const shown = JSON.stringify([position, length, offeredFor !== null]);
		if (shown !== this.#shown) {
			this.#shown = shown;
			call(this.#options.onPlace, { position, length, offeredFor });
		}
		if (offeredFor !== null && !this.#offered) {
			call(this.#options.onOffer, { secondsLeft: offeredFor, take: (options) => this.#take(options) });
		}
		this.#offered = offeredFor !== null;
	}

	#lookIn(ms) {
		this.#due = Math.min(this.#due, performance.now() + ms);
	}

	#failed(error) {
		if (FINAL.has(error.status)) {
			this.#lose(error);
		} else if (waiting.has(this)) {
			call(this.#options.onError, error);
			this.#lookIn(Math.max(1000 * error.retryAfter, RETRY));
		}
	}

	/** The place goes with the grant: an answer that is on its way must not look like a loss. */
	async #take(options) {
		this.#taking = true;
		try {
			const lock = await acquire(this.#resource, options);
			this.#end();
			return lock;
		} finally {
			this.#taking = false;
			this.#due = 0;
		}
	}

	onEvent(name, event) {
		if (event.resource !== this.#resource) {
			return;
		}
		// The turn of this page comes at once. Otherwise all pages would look in the same moment.
		this.#lookIn(name === 'offered' && event.own ? 0 : 100 + Math.random() * 900);
		this.tick();
	}

	async leave() {
		if (!waiting.has(this)) {
			return;
		}
		this.#end();
		// A join that is on its way would come after it.
		await this.#busy;
		// If it fails, the lease ends.
		await request('/line/leave', { resource: this.#resource }).catch(() => {});
	}

	/** The place has ended: its lease, its offer, or this user has acquired the lock in another tab. */
	#lose(error) {
		if (waiting.has(this)) {
			this.#end();
			call(this.#options.onLost, error);
		}
	}

	loggedOut(error) {
		this.#lose(error);
	}

	#end() {
		waiting.delete(this);
		this.#options.signal?.removeEventListener('abort', this.#abort);
		this.#unwatch?.();
		stopTicking();
	}

}

onEvent((name, event) => [...waiting].forEach((place) => place.onEvent(name, event)));

onLoggedOut((error) => [...waiting].forEach((place) => place.loggedOut(error)));

// Ticks: browsers slow down the timers of a hidden page, but not those of a worker.

let stop = null;

function tick() {
	[...waiting].forEach((place) => place.tick());
}

function startTicking() {
	if (stop) {
		return;
	}
	const fallback = () => {
		const timer = setInterval(tick, 250);
		stop = () => clearInterval(timer);
	};
	try {
		const worker = new Worker(new URL('./locky-ticker.js', import.meta.url));
		worker.onmessage = tick;
		worker.onerror = () => stop && fallback();
		stop = () => worker.terminate();
	} catch {
		fallback();
	}
}

function stopTicking() {
	if (waiting.size === 0) {
		stop?.();
		stop = null;
	}
}
