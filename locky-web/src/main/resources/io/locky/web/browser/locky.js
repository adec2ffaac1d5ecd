/*
 * Locks that people hold, in the browser. No dependency, no build step. Documented in docs/web.md.
 *
 * A lock is one grant, told apart from all others by its fence. A tab that loses it never gets it back by itself: somebody
 * else may have changed meanwhile what it protects.
 */

let base = new URL('.', import.meta.url).pathname.replace(/\/$/, '');

/** Sets where the endpoints are, if that is not where this module is. */
export function configure(options) {
	base = options.base.replace(/\/$/, '');
}

/** What went wrong: `status` (0 if the server was not reached), `code`, `holder`, `own`, `resource`, `retryAfter` in seconds. */
export class LockError extends Error {

	constructor(status, code, message, problem = {}, retryAfter = 0) {
		super(message);
		this.name = 'LockError';
		this.status = status;
		this.code = code;
		this.resource = problem.resource ?? null;
		this.own = problem.own ?? false;
		this.holder = holderOf(problem);
		this.retryAfter = retryAfter;
		this.problem = problem;
	}

}

const PROBLEM = new Set(['type', 'title', 'status', 'detail', 'instance', 'resource', 'own', 'held']);

function holderOf(problem) {
	const shown = Object.entries(problem).filter(([name]) => !PROBLEM.has(name));
	const known = problem.held ?? String(problem.type).endsWith(':locked');
	return known ? Object.fromEntries(shown) : null;
}

// Requests

const NAMES = { cookie: 'XSRF-TOKEN', header: 'X-XSRF-TOKEN', parameter: '_csrf' };

function meta(name) {
	return document.querySelector(`meta[name="${name}"]`)?.content;
}

/** The token against forged requests as Spring Security gives it: in meta elements of the page, or in a cookie. */
function csrf() {
	const token = meta('_csrf');
	if (token) {
		return { token, header: meta('_csrf_header') ?? 'X-CSRF-TOKEN', parameter: meta('_csrf_parameter') ?? NAMES.parameter };
	}
	const cookie = document.cookie.split('; ').find((entry) => entry.startsWith(`${NAMES.cookie}=`));
	const value = cookie ? decodeURIComponent(cookie.slice(NAMES.cookie.length + 1)) : null;
	return { token: value, header: NAMES.header, parameter: NAMES.parameter };
}

function headers() {
	const { token, header } = csrf();
	return { 'Content-Type': 'application/json', 'Accept': 'application/json', ...(token && { [header]: token }) };
}

async function request(path, body, timeout = 10_000) {
	const options = { credentials: 'same-origin', headers: headers(), signal: AbortSignal.timeout(timeout), cache: 'no-store' };
	let response;
	let answer;
	try {
		response = await fetch(base + path, body ? { ...options, method: 'POST', body: JSON.stringify(body) } : options);
		const text = await response.text();
		const json = /[/+]json/.test(response.headers.get('Content-Type') ?? '');
		answer = text && json ? JSON.parse(text) : null;
	} catch (error) {
		throw new LockError(0, 'unreachable', error.message);
	}
	if (response.ok && !response.redirected) {
		return answer;
	}
	const problem = answer ?? {};
	const code = /^urn:problem-type:locky:(.+)$/.exec(problem.type)?.[1] ?? 'refused';
	const message = problem.detail ?? `The server answered ${response.status}`;
	throw new LockError(response.status, code, message, problem, Number(response.headers.get('Retry-After')) || 0);
}

/** Gives a grant back while the page goes away. It cannot wait for the answer. */
function releaseInPassing(resource, fence) {
	const path = `${base}/locks/release`;
	if ('keepalive' in Request.prototype) {
		const body = JSON.stringify({ resource, fence });
		fetch(path, { method: 'POST', keepalive: true, credentials: 'same-origin', headers: headers(), body }).catch(() => {});
		return;
	}
	const { token, parameter } = csrf();
	navigator.sendBeacon(path, new URLSearchParams({ resource, fence, ...(token && { [parameter]: token }) }));
}

// Time: Date.now() goes on while a laptop sleeps.

const held = new Set();
let ticker = null;

function tick() {
	held.forEach((lock) => lock._tick());
}

function startTicking() {
	if (ticker) {
		return;
	}
	const fallback = () => {
		const timer = setInterval(tick, 250);
		ticker = { stop: () => clearInterval(timer) };
	};
	try {
		const worker = new Worker(new URL('locky-ticker.js', import.meta.url));
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

// What may have waited for the page beats at once if it is time to.
for (const event of ['visibilitychange', 'focus', 'online', 'resume']) {
	(event === 'visibilitychange' || event === 'resume' ? document : window).addEventListener(event, tick);
}

addEventListener('pagehide', () => [...held].forEach((lock) => lock._leave()));

addEventListener('pageshow', (event) => {
	if (event.persisted) {
		const back = [...left];
		left.clear();
		back.forEach((lock) => lock._comeBack());
	}
});

// Locks

const left = new Set();

const HEARTBEATS_PER_TTL = 3;

class Lock {

	#deadline;
	#next;
	#beating = null;
	#over = false;
	#callbacks;

	constructor(resource, locker, fence, callbacks) {
		this.resource = resource;
		this.locker = locker;
		this.fence = fence;
		this.#callbacks = callbacks;
	}

	/** Whether the lock is held by the clock of this page. */
	get held() {
		return !this.#over && Date.now() < this.#deadline;
	}

	/** Beats now. The answer is whether the lock is held. */
	async check() {
		if (!this.#over) {
			await this.#beat();
		}
		return this.held;
	}

	/** Gives the lock back. Afterwards no callback is called. */
	async release() {
		if (this.#end()) {
			await request('/locks/release', { resource: this.resource, fence: this.fence });
		}
	}

	/** The lease counts from before the server was asked: it never ends later here than there. */
	_extend(sent, seconds) {
		this.#deadline = seconds === null ? Infinity : sent + seconds * 1000;
		this.#next = sent + (seconds === null ? 60_000 : Math.max(500, (seconds * 1000) / HEARTBEATS_PER_TTL));
	}

	_start() {
		held.add(this);
		startTicking();
		return this;
	}

	_tick() {
		if (!this.#over && Date.now() >= this.#next) {
			this.#beat();
		}
	}

	#beat() {
		this.#beating ??= this.#askedToBeat().finally(() => {
			this.#beating = null;
		});
		return this.#beating;
	}

	async #askedToBeat() {
		const sent = Date.now();
		// Past the deadline there is one more chance: the server may hold the lock a little longer than this page believes.
		const timeout = Math.min(10_000, Math.max(2_000, this.#deadline - sent));
		try {
			const beat = await request('/locks/heartbeat', { resource: this.resource, fence: this.fence }, timeout);
			this._extend(sent, beat.expiresIn);
		} catch (error) {
			this.#failed(error, sent);
		}
	}

	#failed(error, sent) {
		if (this.#over) {
			return;
		}
		if (error.code === 'grant-ended') {
			this._lose(error.holder ? 'takenover' : 'ended', error.holder, error.own);
			return;
		}
		if (error.status !== 429) {
			call(this.#callbacks.onError, error);
		}
		const late = Date.now() - this.#deadline;
		// A request that was under way when the computer fell asleep says nothing of now: ask once more.
		const slept = late > 1_500 && sent < this.#deadline;
		if (late >= 0 && !slept) {
			this._lose('unreachable', null, false);
			return;
		}
		this.#next = slept ? 0 : Math.min(Date.now() + Math.max(1, error.retryAfter) * 1000, this.#deadline);
	}

	_lose(reason, holder, own) {
		if (this.#end()) {
			this.#tell({ reason, resource: this.resource, fence: this.fence, holder, own });
		}
	}

	#tell(loss) {
		const { onLost, onTakenOver } = this.#callbacks;
		call(loss.reason === 'takenover' ? onTakenOver ?? onLost : onLost, loss);
	}

	#end() {
		const first = !this.#over;
		this.#over = true;
		held.delete(this);
		left.delete(this);
		stopTicking();
		return first;
	}

	_leave() {
		if (this.#end()) {
			releaseInPassing(this.resource, this.fence);
			left.add(this);
		}
	}

	/** Not taken again: what the page shows may be out of date by now. */
	async _comeBack() {
		const now = await holder(this.resource).catch(() => ({ holder: null, own: false }));
		this.#tell({ reason: 'left', resource: this.resource, fence: this.fence, holder: now.holder, own: now.own });
	}

	/** Learns from the live stream, earlier than by the next heartbeat. */
	_hear(name, event) {
		const { fence } = event.lock;
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

function call(callback, value) {
	try {
		callback?.(value);
	} catch (error) {
		reportError(error);
	}
}

async function take(path, body, options) {
	const sent = Date.now();
	const grant = await request(path, body);
	const lock = new Lock(grant.resource, grant.locker, grant.fence, options);
	lock._extend(sent, grant.ttl);
	return lock._start();
}

/** Takes a lock, or throws a LockError: its code is 'locked' if somebody holds it. */
export function acquire(resource, options = {}) {
	return take('/locks/acquire', { resource, note: options.note }, options);
}

/** Takes a lock over from the grant with that fence, and from no other. */
export function takeOver(resource, fence, options = {}) {
	return take('/locks/takeover', { resource, fence, note: options.note }, options);
}

/** Goes on with a grant that the server took for this page. */
export async function adopt(resource, fence, options = {}) {
	const sent = Date.now();
	const beat = await request('/locks/heartbeat', { resource, fence });
	const lock = new Lock(beat.resource, null, beat.fence, options);
	lock._extend(sent, beat.expiresIn);
	return lock._start();
}

/** Who holds a lock: {resource, held, own, holder}. */
export function holder(resource) {
	return request(`/locks?${new URLSearchParams({ resource })}`);
}

/** Who holds locks: a Map from resource to {resource, held, own, holder}. */
export async function holders(resources) {
	const { locks } = await request('/locks/query', { resources });
	return new Map(locks.map((state) => [state.resource, state]));
}

// Watching

const LONGEST_QUERY = 5000;

/** As many URLs as it takes: servers refuse long ones. */
function queries(resources) {
	const found = [];
	let query = '';
	for (const resource of new Set(resources)) {
		const part = new URLSearchParams({ resource }).toString();
		if (query && query.length + part.length > LONGEST_QUERY) {
			found.push({ query, resources: [] });
			query = '';
		}
		query += (query ? '&' : '') + part;
	}
	found.push({ query });
	return found.map((entry) => ({ query: entry.query, resources: new URLSearchParams(entry.query).getAll('resource') }));
}

/** Calls back with {resource, held, own, holder} of every resource, at first and on every change. Returns what ends that. */
export function watch(resources, callback, options = {}) {
	const watches = queries(resources).map(({ query, resources: names }) => new Watch(query, names, callback, options));
	return () => watches.forEach((one) => one.stop());
}

class Watch {

	#query;
	#resources;
	#callback;
	#options;
	#known = new Map();
	#source = null;
	#reading = null;
	#again = false;
	#retry = null;
	#stopped = false;
	#alive = 60_000;
	#heard = 0;
	#watchdog = null;
	#hide = () => this.#close();
	#show = (event) => event.persisted && this.#open();

	constructor(query, resources, callback, options) {
		this.#query = query;
		this.#resources = resources;
		this.#callback = callback;
		this.#options = options;
		// An open stream would keep the page out of the browser's cache for back and forward.
		addEventListener('pagehide', this.#hide);
		addEventListener('pageshow', this.#show);
		this.#open();
	}

	stop() {
		this.#stopped = true;
		removeEventListener('pagehide', this.#hide);
		removeEventListener('pageshow', this.#show);
		this.#close();
	}

	#close() {
		clearInterval(this.#watchdog);
		clearTimeout(this.#retry);
		this.#source?.close();
		this.#source = null;
	}

	#open() {
		this.#close();
		const source = new EventSource(`${base}/events?${this.#query}`);
		this.#source = source;
		// After every connection, the first and later ones: what happened before it is in the state.
		source.addEventListener('ready', (message) => {
			this.#alive = JSON.parse(message.data).alive * 1000;
			this.#read();
		});
		source.addEventListener('missed', () => this.#read());
		for (const name of ['ready', 'alive', 'missed', 'acquired', 'takenover', 'released', 'expired']) {
			source.addEventListener(name, () => {
				this.#heard = Date.now();
			});
		}
		// A connection may be dead without anybody having said so: after a sleep, or behind a proxy.
		this.#heard = Date.now();
		this.#watchdog = setInterval(() => Date.now() - this.#heard > 3 * this.#alive && this.#open(), 1000);
		for (const name of ['acquired', 'takenover', 'released', 'expired']) {
			source.addEventListener(name, (message) => this.#hear(name, JSON.parse(message.data)));
		}
		source.onerror = () => {
			// The browser connects again by itself, unless the server refused.
			if (source.readyState === EventSource.CLOSED && this.#source === source) {
				this.#close();
				call(this.#options.onError, new LockError(0, 'unreachable', 'The live stream was refused'));
				this.#retry = setTimeout(() => this.#open(), 5000 + Math.random() * 5000);
			}
		};
	}

	/** Reads the state, and once more if something is heard meanwhile: it may be newer than the answer, or older. */
	#read() {
		if (this.#reading) {
			this.#again = true;
			return;
		}
		this.#again = false;
		this.#reading = holders(this.#resources)
			.then((states) => !this.#stopped && states.forEach((state) => this.#set(state)))
			.catch((error) => {
				call(this.#options.onError, error);
				this.#retry = setTimeout(() => !this.#stopped && this.#read(), Math.max(2, error.retryAfter) * 1000);
			})
			.finally(() => {
				this.#reading = null;
				if (this.#again && !this.#stopped) {
					this.#read();
				}
			});
	}

	#hear(name, event) {
		[...held].forEach((lock) => lock._hear(name, event));
		const { fence } = event.lock;
		if (this.#reading || !fence) {
			this.#again = true;
			this.#read();
			return;
		}
		const granted = name === 'acquired' || name === 'takenover';
		const known = this.#known.get(event.resource) ?? { fence: 0, held: false };
		if (fence > known.fence || (fence === known.fence && known.held && !granted)) {
			this.#known.set(event.resource, { fence, held: granted });
			const holder = granted ? event.lock : null;
			call(this.#callback, { resource: event.resource, held: granted, own: granted && event.own, holder });
		}
	}

	#set(state) {
		const fence = state.holder?.fence ?? this.#known.get(state.resource)?.fence ?? 0;
		this.#known.set(state.resource, { fence, held: state.held });
		call(this.#callback, state);
	}

}
