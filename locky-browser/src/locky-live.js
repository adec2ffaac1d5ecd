// Watching who holds locks: one live stream for all tabs of a browser.
//
// Every tab that is visible and watches something asks for the same Web Lock. The tab that gets it is the leader: it opens the
// stream for the names of all these tabs, and passes events on over a BroadcastChannel. When it goes, the next one leads. A
// hidden tab takes no part in it and reads the state when it is shown again. While there is no stream, each tab polls.

import { LockError, call, loggedIn, onLoggedOut, request, scope } from './locky-http.js';
import { Leader, backOff } from './locky-leader.js';

const MOST_IN_QUERY = 500;
const GRANTS = new Set(['acquired', 'takenover']);
const ENDS = new Set(['released', 'expired']);
const ATTENTION = new Set(['idle', 'active']);

const page = globalThis.document;
const watches = new Set();
const listeners = new Set();

/** Calls back with every event of the stream: (name, event). */
export function onEvent(listener) {
	listeners.add(listener);
}

/** Returns who holds several locks: a Map from resource to {resource, held, own, holder}. */
export async function holders(resources, { signal } = {}) {
	const names = [...new Set(resources)];
	const states = new Map();
	for (let from = 0; from < names.length; from += MOST_IN_QUERY) {
		const { locks } = await request('/locks/query', { resources: names.slice(from, from + MOST_IN_QUERY) }, { signal });
		locks.forEach((state) => states.set(state.resource, state));
	}
	return states;
}

/**
 * Calls back with {resource, held, own, holder} of every resource, at first and on every change. Returns a function that
 * stops it, and so does options.signal.
 */
export function watch(resources, callback, options = {}) {
	const { signal } = options;
	const added = new Watch(resources, callback, options);
	const stop = () => {
		signal?.removeEventListener('abort', stop);
		added.stop();
	};
	if (!signal?.aborted) {
		signal?.addEventListener('abort', stop);
		watches.add(added);
		resume();
	}
	return stop;
}

const resumed = new Set();

/** Calls back when the page goes on after a login, and when it is shown again. */
export function onResume(listener) {
	resumed.add(listener);
}

/** Goes on watching after a login. */
export function resume() {
	loggedOut = false;
	loggedIn();
	update();
	resumed.forEach((listener) => listener());
}

let batch = null;

function newBatch() {
	const all = new Set();
	const states = Promise.resolve().then(() => {
		batch = null;
		return holders(all);
	});
	return { all, states };
}

/** Reads the state for all watches that want it at the moment: a page may have one for each row of a list. */
async function readTogether(names) {
	batch ??= newBatch();
	const { all, states } = batch;
	names.forEach((name) => all.add(name));
	try {
		return await states;
	} catch (error) {
		// One name is refused, perhaps that of another watch.
		if (isRefusal(error) && all.size > names.size) {
			return holders(names);
		}
		throw error;
	}
}

function isRefusal(error) {
	return error.code === 'forbidden' || error.code === 'invalid-request';
}

// One watch

class Watch {

	/** The first list of names of this tab that has those of this watch. */
	revision = Infinity;
	#callback;
	#options;
	#known = new Map();
	#reading = null;
	#again = false;
	#live = false;
	#polls = 0;
	#timer = null;

	constructor(resources, callback, options) {
		this.names = new Set(resources);
		this.hidden = options.hidden ?? false;
		this.#callback = callback;
		this.#options = options;
	}

	/** Reads the state, and once more if an event arrives meanwhile, which may be newer or older than the answer. */
	async read() {
		if (this.#reading) {
			this.#again = true;
			return;
		}
		clearTimeout(this.#timer);
		const reading = {};
		const isCurrent = () => this.#reading === reading;
		this.#reading = reading;
		let wait = 0;
		try {
			do {
				this.#again = false;
				const states = await readTogether(this.names);
				this.names.forEach((name) => isCurrent() && states.has(name) && this.#set(states.get(name)));
			} while (this.#again && isCurrent());
			isCurrent() && this.#admit();
		} catch (error) {
			wait = error.retryAfter;
			isCurrent() && this.#failed(error);
		}
		if (isCurrent()) {
			this.#reading = null;
			this.#poll(wait);
		}
	}

	/** Names that may not be watched would end the stream of all tabs: they join it after they were read. */
	#admit() {
		if (this.revision === Infinity) {
			this.revision = revision + 1;
			update();
		}
	}

	#failed(error) {
		// A session that ended is reported once, to all watches.
		if (error.code !== 'unauthenticated') {
			isRefusal(error) && this.stop();
			this.fail(error);
		}
	}

	stop() {
		watches.delete(this);
		this.pause();
		update();
	}

	fail(error) {
		call(this.#options.onError, error);
	}

	#poll(wait) {
		if (!this.#live && members().includes(this)) {
			this.#timer = setTimeout(() => this.read(), 1000 * Math.max(wait, backOff(this.#polls++, 2, 30)));
		}
	}

	pause() {
		clearTimeout(this.#timer);
		this.#reading = null;
		this.revision = Infinity;
		this.#polls = 0;
	}

	/** Begins, or goes on after the stream came, went, or missed something. */
	start(missed) {
		const live = this.revision <= covered;
		if (this.#live !== live) {
			this.#live = live;
			this.#polls = 0;
			call(this.#options.onLive, live);
			this.read();
		} else if (missed) {
			this.read();
		}
	}

	onEvent(name, event) {
		if (!event.lock || !this.names.has(event.resource) || !watches.has(this)) {
			return;
		}
		const granted = GRANTS.has(name);
		if (!granted && !ENDS.has(name) && !ATTENTION.has(name)) {
			return;
		}
		const { fence } = event.lock;
		const known = this.#known.get(event.resource) ?? { fence: 0, held: false };
		if (this.#reading || !fence) {
			this.read();
			return;
		}
		if (ATTENTION.has(name)) {
			this.#attend(known, event.lock);
			return;
		}
		if (fence > known.fence || (fence === known.fence && known.held && !granted)) {
			this.#set({ resource: event.resource, held: granted, own: granted && event.own, holder: granted ? event.lock : null }, fence);
		}
	}

	/** Changes what is known of a holder: the event does not have all of it. */
	#attend({ fence, held, state }, lock) {
		if (fence === lock.fence && held) {
			const { idleSince, expiresIn, ...holder } = state.holder;
			this.#set({ ...state, holder: { ...holder, ...lock } }, fence);
		}
	}

	#set(state, fence) {
		const known = this.#known.get(state.resource);
		// The rest of the lease and the note are no change: events do not have them.
		const shown = JSON.stringify([state.held, state.own, state.holder && (state.holder.fence ?? { ...state.holder, expiresIn: null }),
			state.holder?.idleSince]);
		this.#known.set(state.resource, { fence: fence ?? state.holder?.fence ?? known?.fence ?? 0, held: state.held, shown, state });
		if (shown !== known?.shown) {
			this.#polls = 0;
			call(this.#callback, state);
		}
	}

}

// This tab

const me = Math.random().toString(36).slice(2);

let active = [];
let revision = 0;
let covered = 0;
let loggedOut = false;
let away = false;
let channel = null;
let resign = null;
let leader = null;

/** The watches that take part now. */
function members() {
	const hidden = page?.visibilityState === 'hidden';
	return loggedOut || away ? [] : [...watches].filter((watch) => !hidden || watch.hidden);
}

let updating = null;

/** Joins the other tabs or leaves them, as this tab is shown, hidden, and begins or ends to watch: soon, and once for many changes. */
function update() {
	updating ??= Promise.resolve().then(updateNow);
}

function updateNow() {
	updating = null;
	const now = members();
	const before = new Set(active);
	active = now;
	before.forEach((watch) => now.includes(watch) || watch.pause());
	if (now.length === 0) {
		leave();
	} else {
		join();
		revision++;
		postNames();
	}
	now.forEach((watch) => before.has(watch) || watch.start(true));
}

function postNames() {
	const admitted = active.filter((watch) => watch.revision <= revision);
	post({ tab: me, revision, names: [...new Set(admitted.flatMap((watch) => [...watch.names]))] });
}

function join() {
	if (resign) {
		return;
	}
	resign = new AbortController();
	const { signal } = resign;
	const locks = globalThis.navigator?.locks;
	const name = scope();
	if (!locks || name === null) {
		lead(signal);
		return;
	}
	channel = new BroadcastChannel(name);
	channel.onmessage = (message) => receive(message.data);
	locks.request(name, { signal }, () => signal.aborted || lead(signal)).catch(() => {});
}

/** Leads until the signal. Asks all tabs for their names first. */
function lead(signal) {
	leader = new Leader(signal, post);
	post({ who: true });
	return leader.done;
}

function leave() {
	if (resign) {
		post({ tab: me, revision, names: [] });
		resign.abort();
		channel?.close();
		[resign, channel, leader] = [null, null, null];
		covered = 0;
	}
}

function post(message) {
	channel?.postMessage(message);
	receive(message);
}

function receive(message) {
	if (message.tab) {
		leader?.setNames(message.tab, message.revision, message.names);
	} else if (message.who) {
		postNames();
	} else if (message.covered) {
		covered = message.covered[me] ?? 0;
		active.forEach((watch) => watch.start(message.missed));
	} else if (message.ended) {
		end(new LockError(401, 'unauthenticated', 'The session has ended'));
	} else {
		listeners.forEach((listener) => listener(message.name, message.event));
		active.forEach((watch) => watch.onEvent(message.name, message.event));
	}
}

/** The session has ended: says so once, and stops. */
function end(error) {
	if (!loggedOut) {
		loggedOut = true;
		const stopped = active;
		update();
		stopped.forEach((watch) => watch.fail(error));
	}
}

onLoggedOut((error) => {
	channel?.postMessage({ ended: true });
	end(error);
});

page?.addEventListener('visibilitychange', () => page.visibilityState === 'hidden' ? update() : resume());

globalThis.addEventListener?.('online', () => leader?.reconnect());

// An open stream would keep the page out of the browser's cache for back and forward.
for (const event of ['pagehide', 'pageshow']) {
	globalThis.addEventListener?.(event, () => {
		away = event === 'pagehide';
		update();
	});
}
