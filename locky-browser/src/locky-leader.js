// The tab that leads has the live stream, for the names of all tabs. What it posts, all tabs receive, and itself.
//
//     {tab, revision, names}   from a tab: what it watches, in which version of its list; no names when it goes
//     {who: true}              to the tabs: a new leader wants their names
//     {covered, missed}        to the tabs: up to which version of its list the stream covers each tab
//     {name, event}            to the tabs: an event of the stream
//     {ended: true}            to the tabs: the session has ended

import { open } from './locky-http.js';

const MOST_IN_STREAM = 5000;

/** Seconds until the next attempt: twice as long each time, with some chance in it, so that pages do not come all at once. */
export function backOff(failures, first, most) {
	return Math.min(most, first * 2 ** failures) * (0.75 + Math.random() / 2);
}

export class Leader {

	#post;
	#tabs = new Map();
	#current = null;
	#opening = null;
	#asked = new Set();
	#covered = new Set();
	#failures = 0;
	#retry = null;
	#grace = null;

	constructor(signal, post) {
		this.#post = post;
		this.done = new Promise((resolve) => signal.addEventListener('abort', resolve));
		signal.addEventListener('abort', () => this.#stop());
		this.#lose();
	}

	/** There is no stream now. A short gap, as when it is renewed or led by another tab, is not worth a word. */
	#lose() {
		[this.#current, this.#covered] = [null, new Set()];
		this.#grace = setTimeout(() => {
			this.#tabs.forEach((tab) => { tab.covered = 0; });
			this.#post({ covered: {} });
		}, 2000);
	}

	reconnect() {
		this.#failures = 0;
		this.#current ?? this.#connectIn(0);
	}

	#stop() {
		clearTimeout(this.#retry);
		clearTimeout(this.#grace);
		this.#current?.abort();
		this.#opening?.abort();
		[this.#current, this.#opening] = [null, null];
	}

	setNames(tab, revision, names) {
		const covered = this.#tabs.get(tab)?.covered ?? 0;
		names.length > 0 ? this.#tabs.set(tab, { revision, names, covered }) : this.#tabs.delete(tab);
		this.#announce(false);
		this.#check();
	}

	/** Opens another stream if one for more names is needed. Several tabs, or several watches of one, often begin together. */
	#check() {
		const known = this.#opening ? this.#asked : this.#covered;
		if (this.#failures === 0 && this.#names().some((name) => !known.has(name))) {
			this.#connectIn(0.05);
		}
	}

	#names() {
		return [...new Set([...this.#tabs.values()].flatMap(({ names }) => names))].slice(0, MOST_IN_STREAM);
	}

	/** Publishes which lists of names the stream covers; all tabs read the state if something may have been missed. */
	#announce(missed) {
		if (!this.#current) {
			return;
		}
		for (const tab of this.#tabs.values()) {
			tab.covered = tab.names.every((name) => this.#covered.has(name)) ? tab.revision : missed ? 0 : tab.covered;
		}
		this.#post({ covered: Object.fromEntries([...this.#tabs].map(([id, tab]) => [id, tab.covered])), missed });
	}

	#connectIn(seconds) {
		clearTimeout(this.#retry);
		this.#retry = setTimeout(() => this.#connect(), seconds * 1000);
	}

	/** Opens a stream. An earlier one, for fewer names, is closed as soon as this one is ready. */
	async #connect() {
		const names = this.#names();
		if (names.length === 0) {
			return;
		}
		this.#opening?.abort();
		const stream = new AbortController();
		this.#opening = stream;
		this.#asked = new Set(names);
		let wait = 0;
		try {
			wait = await readStream(names, stream, (name, event) => this.#onEvent(stream, names, name, event));
		} catch (error) {
			wait = Math.max(error.retryAfter ?? 0, [404, 405].includes(error.status) ? 60 : 0);
		}
		this.#closed(stream, wait);
	}

	#onEvent(stream, names, name, event) {
		if (stream.signal.aborted) {
			return;
		}
		if (name === 'ready') {
			clearTimeout(this.#grace);
			const continued = this.#current !== null;
			this.#current?.abort();
			[this.#current, this.#opening] = [stream, null];
			this.#covered = new Set(names);
			this.#failures = 0;
			this.#announce(!continued);
			this.#check();
		} else if (name === 'missed') {
			this.#announce(true);
		} else if (name === 'end' && event.reason === 'unauthenticated') {
			this.#post({ ended: true });
		} else if (event.resource) {
			this.#post({ name, event });
		}
	}

	#closed(stream, wait) {
		if (stream === this.#current) {
			this.#lose();
		} else if (stream === this.#opening) {
			this.#opening = null;
		} else {
			return;
		}
		if (!this.#opening) {
			this.#connectIn(Math.max(wait, backOff(this.#failures++, 0.5, 60)));
		}
	}

}

const TO_READY = 15;
const SILENT_INTERVALS = 3;

/** Reads events until the stream ends; a stream that is silent for too long ends too. Returns seconds to wait before the next one. */
async function readStream(names, stream, onEvent) {
	let limit = TO_READY;
	let watchdog = null;
	const heard = () => {
		clearTimeout(watchdog);
		watchdog = setTimeout(() => stream.abort(), limit * 1000);
	};
	heard();
	try {
		const reader = await open('/events', { resources: names }, stream.signal);
		for (let text = ''; ;) {
			const { value, done } = await reader.read();
			if (done) {
				return 0;
			}
			const messages = (text + value).split(/\r?\n\r?\n/);
			text = messages.pop();
			for (const { name, event } of messages.map(parse)) {
				limit = name === 'ready' ? SILENT_INTERVALS * event.alive : limit;
				onEvent(name, event);
			}
			heard();
		}
	} finally {
		clearTimeout(watchdog);
	}
}

function parse(message) {
	const field = (name) => message.split(/\r?\n/).filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim());
	return { name: field('event')[0], event: JSON.parse(field('data').join('\n') || '{}') };
}
