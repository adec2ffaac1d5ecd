/*
 * Locks that people hold, in the browser. No dependencies, no build step. Documented in docs/web.md.
 *
 * A lock is one grant, identified by its fencing token (the fence). A tab that loses its lock never acquires it again by
 * itself: another user may have changed in the meantime what it protects.
 */

let base = new URL('.', import.meta.url).pathname.replace(/\/$/, '');

/** Sets the path of the endpoints, if it differs from the path of this module. */
export function configure(options) {
	base = options.base.replace(/\/$/, '');
}

/** An error: `status` (0 if the server was not reached), `code`, `holder`, `own`, `resource`, `retryAfter` in seconds. */
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

/** The CSRF token of Spring Security, from meta elements of the page or from a cookie. */
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

/** Releases a grant while the page unloads, without waiting for the answer. */
function releaseOnUnload(resource, fence) {
	const path = `${base}/locks/release`;
	if ('keepalive' in Request.prototype) {
		const body = JSON.stringify({ resource, fence });
		fetch(path, { method: 'POST', keepalive: true, credentials: 'same-origin', headers: headers(), body }).catch(() => {});
		return;
	}
	const { token, parameter } = csrf();
	navigator.sendBeacon(path, new URLSearchParams({ resource, fence, ...(token && { [parameter]: token }) }));
}

// Time: Date.now() keeps running while a laptop sleeps.

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

// A page that was hidden, frozen or offline sends the heartbeats that are due at once.
for (const event of ['visibilitychange', 'focus', 'online', 'resume']) {
	(event === 'visibilitychange' || event === 'resume' ? document : window).addEventListener(event, tick);
}

addEventListener('pagehide', () => [...held].forEach((lock) => lock._leave()));

addEventListener('pageshow', (event) => {
	if (event.persisted) {
		const back = [...left];
		left.clear();
		back.forEach((lock) => lock._restored());
	}
});

// Locks

const left = new Set();

const HEARTBEATS_PER_TTL = 3;

class Lock {

	#deadline;
	#next;
	#heartbeat = null;
	#over = false;
	#callbacks;

	constructor(resource, locker, fence, callbacks) {
		this.resource = resource;
		this.locker = locker;
		this.fence = fence;
		this.#callbacks = callbacks;
	}

	/** Whether the lock is held, by the clock of this page. */
	get held() {
		return !this.#over && Date.now() < this.#deadline;
	}

	/** Sends a heartbeat now, and returns whether the lock is held. */
	async check() {
		if (!this.#over) {
			await this.#sendHeartbeat();
		}
		return this.held;
	}

	/** Releases the lock. No callback is called after that. */
	async release() {
		if (this.#end()) {
			await request('/locks/release', { resource: this.resource, fence: this.fence });
		}
	}

	/** The lease counts from before the request was sent, so that it never ends later here than on the server. */
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
			this.#sendHeartbeat();
		}
	}

	#sendHeartbeat() {
		this.#heartbeat ??= this.#heartbeatRequest().finally(() => {
			this.#heartbeat = null;
		});
		return this.#heartbeat;
	}

	async #heartbeatRequest() {
		const sent = Date.now();
		// After the deadline one more request is worthwhile: the lease on the server may end a little later.
		const timeout = Math.min(10_000, Math.max(2_000, this.#deadline - sent));
		try {
			const lease = await request('/locks/heartbeat', { resource: this.resource, fence: this.fence }, timeout);
			this._extend(sent, lease.expiresIn);
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
		// A request that was under way when the computer went to sleep proves nothing: send another one.
		const slept = late > 1_500 && sent < this.#deadline;
		if (late >= 0 && !slept) {
			this._lose('unreachable', null, false);
			return;
		}
		this.#next = slept ? 0 : Math.min(Date.now() + Math.max(1, error.retryAfter) * 1000, this.#deadline);
	}

	_lose(reason, holder, own) {
		if (this.#end()) {
			this.#notify({ reason, resource: this.resource, fence: this.fence, holder, own });
		}
	}

	#notify(loss) {
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
			releaseOnUnload(this.resource, this.fence);
			left.add(this);
		}
	}

	/** The lock is not acquired again: what the page shows may be out of date. */
	async _restored() {
		const now = await holder(this.resource).catch(() => ({ holder: null, own: false }));
		this.#notify({ reason: 'left', resource: this.resource, fence: this.fence, holder: now.holder, own: now.own });
	}

	/** A live stream reports a loss earlier than the next heartbeat. */
	_onEvent(name, event) {
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

/** Acquires a lock, or throws a LockError: its code is 'locked' if the lock is held. */
export function acquire(resource, options = {}) {
	return take('/locks/acquire', { resource, note: options.note }, options);
}

/** Takes a lock over from the grant with this fence, and from no other. */
export function takeOver(resource, fence, options = {}) {
	return take('/locks/takeover', { resource, fence, note: options.note }, options);
}

/** Continues a grant that the server acquired for this page. */
export async function adopt(resource, fence, options = {}) {
	const sent = Date.now();
	const lease = await request('/locks/heartbeat', { resource, fence });
	const lock = new Lock(lease.resource, null, lease.fence, options);
	lock._extend(sent, lease.expiresIn);
	return lock._start();
}

/** Returns who holds a lock: {resource, held, own, holder}. */
export function holder(resource) {
	return request(`/locks?${new URLSearchParams({ resource })}`);
}

/** Returns who holds several locks: a Map from resource to {resource, held, own, holder}. */
export async function holders(resources) {
	const { locks } = await request('/locks/query', { resources });
	return new Map(locks.map((state) => [state.resource, state]));
}

// Watching

const LONGEST_QUERY = 5000;

/** Splits the resources over several URLs, because servers refuse long ones. */
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

/** Calls back with {resource, held, own, holder} of every resource, at first and on every change. Returns a function that stops it. */
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
	#lastEvent = 0;
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
		// After every connection, first or later: the state has what happened before it.
		source.addEventListener('ready', (message) => {
			this.#alive = JSON.parse(message.data).alive * 1000;
			this.#read();
		});
		source.addEventListener('missed', () => this.#read());
		for (const name of ['ready', 'alive', 'missed', 'acquired', 'takenover', 'released', 'expired']) {
			source.addEventListener(name, () => {
				this.#lastEvent = Date.now();
			});
		}
		// A connection may be dead without an error: after a sleep, or behind a proxy.
		this.#lastEvent = Date.now();
		this.#watchdog = setInterval(() => Date.now() - this.#lastEvent > 3 * this.#alive && this.#open(), 1000);
		for (const name of ['acquired', 'takenover', 'released', 'expired']) {
			source.addEventListener(name, (message) => this.#onEvent(name, JSON.parse(message.data)));
		}
		source.onerror = () => {
			// The browser reconnects by itself, unless the server refused the stream.
			if (source.readyState === EventSource.CLOSED && this.#source === source) {
				this.#close();
				call(this.#options.onError, new LockError(0, 'unreachable', 'The live stream was refused'));
				this.#retry = setTimeout(() => this.#open(), 5000 + Math.random() * 5000);
			}
		};
	}

	/** Reads the state, and once more if an event arrives meanwhile, which may be newer or older than the answer. */
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

	#onEvent(name, event) {
		[...held].forEach((lock) => lock._onEvent(name, event));
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
