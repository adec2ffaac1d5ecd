/*
 * Who is looking at a resource, beside who holds its lock. Documented in docs/people-presence.md.
 *
 * A page enters, and enters again every third of its lease. The answer has all who are there; the live stream brings changes in
 * between. What the stream does not bring, because it is lost or somebody's computer was, is right after the next answer.
 */

import { call, onLoggedOut, request, sendOnUnload } from './locky-http.js';
import { onEvent, onResume, watch } from './locky-live.js';

const LEASE = 30_000;
const HEARTBEAT = LEASE / 3;
const STATES = ['editing', 'waiting', 'viewing'];

/** Refusals that another attempt does not change. */
const FINAL = new Set([400, 403, 404, 405]);

const page = globalThis.document;
const me = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(36)).join('');
const rooms = new Map();

/** Whether this page counts as gone: it was hidden for a lease, is unloading, or its session has ended. */
let away = page?.visibilityState === 'hidden';

/**
 * Shows the user of this page to the others who look at a resource, and calls back with all of them, at first and on every
 * change. Returns {setState(state), leave()}.
 */
export function present(resource, { state = 'viewing', onPeople, onError, signal } = {}) {
	const member = { state: checked(state), onPeople, onError };
	const room = roomOf(resource);
	const leave = () => {
		signal?.removeEventListener('abort', leave);
		room.members.delete(member) && room.sync();
	};
	if (!signal?.aborted) {
		signal?.addEventListener('abort', leave);
		room.join(member);
	}
	return {
		setState(next) {
			member.state = checked(next);
			room.changed();
		},
		leave,
	};
}

function checked(state) {
	if (!STATES.includes(state)) {
		throw new TypeError(`No state of a person: ${state}`);
	}
	return state;
}

function roomOf(resource) {
	if (!rooms.has(resource)) {
		rooms.set(resource, new Room(resource));
	}
	return rooms.get(resource);
}

/** A resource at which this page looks, perhaps at several places of the page. */
class Room {

	members = new Set();
	#resource;
	#people = [];
	#shown = null;
	#entered = null;
	#refused = false;
	#busy = false;
	#again = false;
	#missed = [];
	#timer = null;
	#expiry = null;
	#reading = null;
	#unwatch = null;

	constructor(resource) {
		this.#resource = resource;
	}

	join(member) {
		this.members.add(member);
		this.#refused = false;
		// The stream has the events of those resources that are watched.
		this.#unwatch ??= watch([this.#resource], () => {});
		if (this.#shown !== null && this.#entered) {
			call(member.onPeople, this.#list());
		}
		this.changed();
	}

	/** The state of the page may differ: only that is worth a request at once. */
	changed() {
		if (this.#state() !== this.#entered) {
			this.sync();
		}
	}

	#state() {
		return away || this.#refused ? null : STATES.find((state) => [...this.members].some((member) => member.state === state)) ?? null;
	}

	/** Makes the server know what is so, one request after the other: an answer that is late would undo a later request. */
	async sync() {
		if (this.#busy) {
			this.#again = true;
			return;
		}
		this.#busy = true;
		let wait = HEARTBEAT;
		do {
			this.#again = false;
			clearTimeout(this.#timer);
			wait = await (this.#state() ? this.#enter(this.#state()) : this.#leave());
		} while (this.#again);
		this.#busy = false;
		if (this.members.size === 0) {
			this.#close();
		} else if (this.#state()) {
			this.#timer = setTimeout(() => this.sync(), wait);
		}
	}

	async #enter(state) {
		this.#entered = state;
		this.#missed = [];
		try {
			const { people } = await request('/presence/enter', { resource: this.#resource, state, page: me });
			this.#set(people);
			return HEARTBEAT;
		} catch (error) {
			return this.#failed(error);
		}
	}

	#failed(error) {
		if (error.code !== 'unauthenticated') {
			this.#refused = FINAL.has(error.status);
			this.members.forEach((member) => call(member.onError, error));
		}
		if (this.#refused) {
			this.#entered = null;
			this.#unwatch?.();
			this.#unwatch = null;
		}
		return Math.max(HEARTBEAT, error.retryAfter * 1000);
	}

	/** If it fails, the lease ends. */
	async #leave() {
		if (this.#entered) {
			this.#entered = null;
			await request('/presence/leave', { resource: this.#resource, page: me }).catch(() => {});
		}
	}

	/** The session has ended, and a request to leave would be refused. */
	forget() {
		this.#entered = null;
	}

	leaveOnUnload() {
		clearTimeout(this.#timer);
		if (this.#entered) {
			this.#entered = null;
			sendOnUnload('/presence/leave', { resource: this.#resource, page: me });
		}
	}

	#close() {
		rooms.delete(this.#resource);
		[this.#timer, this.#expiry, this.#reading].forEach(clearTimeout);
		this.#unwatch?.();
	}

	// People

	/** What happened while the answer was on its way may be newer than the answer. */
	#set(people) {
		this.#people = people.map((person) => ({ ...person, at: 0, until: performance.now() + person.expiresIn * 1000 }));
		this.#missed.forEach((event) => this.#apply(event));
		this.#show();
	}

	onEvent(event) {
		if (event.resource !== this.#resource || !this.#entered) {
			return;
		}
		this.#busy && this.#missed.push(event);
		if (event.person === null) {
			this.#readSoon();
		} else {
			this.#apply(event);
			this.#show();
		}
		// It was this page, if it was late.
		if (event.own && event.state === null) {
			this.sync();
		}
	}

	#apply({ person, state, own, at }) {
		const known = this.#people.find((each) => person !== null && each.person === person && each.own === own);
		const time = Date.parse(at);
		if (known && time < known.at) {
			return;
		}
		if (state === null) {
			this.#people = this.#people.filter((each) => each !== known);
		} else if (known) {
			Object.assign(known, { state, at: time, until: performance.now() + LEASE });
		} else if (person !== null) {
			this.#people.push({ person, state, own, since: at, at: time, until: performance.now() + LEASE });
		}
	}

	/** Persons without names cannot be distinguished: the list can. All pages get the event at once. */
	#readSoon() {
		this.#reading ??= setTimeout(async () => {
			this.#reading = null;
			if (this.#entered && !this.#busy) {
				const answer = await request(`/presence?${new URLSearchParams({ resource: this.#resource })}`).catch(() => null);
				answer && this.#entered && this.#set(answer.people);
			}
		}, 500 + Math.random() * 1500);
	}

	/** The end of a lease is not always published. */
	#expire() {
		this.#people = this.#people.filter((person) => person.until > performance.now());
		this.#show();
	}

	#list() {
		const order = (one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state)
			|| Date.parse(one.since) - Date.parse(other.since) || String(one.person).localeCompare(String(other.person));
		return this.#people.map(({ person, state, since, own }) => ({ person, state, since, own })).sort(order);
	}

	#show() {
		clearTimeout(this.#expiry);
		if (this.#people.length > 0) {
			const first = Math.min(...this.#people.map((person) => person.until));
			this.#expiry = setTimeout(() => this.#expire(), Math.max(0, first - performance.now()) + 50);
		}
		const list = this.#list();
		const shown = JSON.stringify(list);
		if (shown !== this.#shown) {
			this.#shown = shown;
			this.members.forEach((member) => call(member.onPeople, list));
		}
	}

}

// This page

function setAway(now) {
	away = now;
	rooms.forEach((room) => room.changed());
}

onEvent((name, event) => name === 'presence' && rooms.forEach((room) => room.onEvent(event)));

onLoggedOut(() => {
	rooms.forEach((room) => room.forget());
	setAway(true);
});

onResume(() => page?.visibilityState === 'hidden' || setAway(false));

let hiding = null;

page?.addEventListener('visibilitychange', () => {
	clearTimeout(hiding);
	if (page.visibilityState === 'hidden') {
		// A short look into another tab is no reason to go.
		hiding = setTimeout(() => setAway(true), LEASE);
	}
});

globalThis.addEventListener?.('pagehide', () => {
	away = true;
	rooms.forEach((room) => room.leaveOnUnload());
});

globalThis.addEventListener?.('pageshow', () => page?.visibilityState === 'hidden' || setAway(false));
