// Requests to the endpoints of Locky, and the errors that come of them.

const settings = { base: defaultBase(), fetch: null, headers: null, credentials: 'same-origin', scope: '' };

/** The path of the endpoints: beside this module if a server of Locky serves it; a bundler puts it anywhere. */
function defaultBase() {
	const served = /^https?:\/\/[^/]+(.*\/locky)\/locky-http\.js/.exec(import.meta.url);
	return meta('locky-base') ?? served?.[1] ?? '/locky';
}

/** Sets what differs from the defaults: base, fetch, headers, credentials, scope. */
export function configure(options) {
	Object.assign(settings, options);
	settings.base = settings.base.replace(/\/$/, '');
}

/** What all tabs that share a stream have in common, or null if they may not share one. */
export function scope() {
	return settings.scope === null ? null : `locky 1 ${settings.base} ${settings.scope}`;
}

// Errors

/** An error: `status` (0 without an answer), `code`, `holder`, `own`, `resource`, `retryAfter` in seconds. */
export class LockError extends Error {

	constructor(status, code, message, { problem = {}, retryAfter = 0, cause } = {}) {
		super(message, { cause });
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

function errorOf(response, answer) {
	const problem = answer ?? {};
	// A login page instead of an answer means the same as 401.
	const loggedOut = response.status === 401 || (response.redirected && !answer);
	const code = loggedOut ? 'unauthenticated' : /^urn:problem-type:locky:(.+)$/.exec(problem.type)?.[1] ?? 'refused';
	const message = problem.detail ?? (loggedOut ? 'The session has ended' : `The server answered ${response.status}`);
	const retryAfter = Number(response.headers.get('Retry-After')) || 0;
	return new LockError(loggedOut ? 401 : response.status, code, message, { problem, retryAfter });
}

export function abortedError(signal) {
	return new LockError(0, 'aborted', 'The call was aborted', { cause: signal.reason });
}

const loggedOut = new Set();
let logins = 0;

/** Calls back with the error whenever an answer says that the session has ended. */
export function onLoggedOut(listener) {
	loggedOut.add(listener);
}

/** The page goes on, perhaps after a login: late answers to earlier requests say nothing about the session. */
export function loggedIn() {
	logins++;
}

// Headers

function meta(name) {
	return globalThis.document?.querySelector(`meta[name="${name}"]`)?.content;
}

function decode(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** The CSRF token of Spring Security, from meta elements of the page or from a cookie. */
function csrf() {
	const token = meta('_csrf');
	if (token) {
		return { token, header: meta('_csrf_header') ?? 'X-CSRF-TOKEN' };
	}
	const cookie = /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(globalThis.document?.cookie);
	return { token: cookie && decode(cookie[1]), header: 'X-XSRF-TOKEN' };
}

let lastOwn = {};

async function readOwnHeaders() {
	const { headers } = settings;
	lastOwn = Object.fromEntries(new Headers((typeof headers === 'function' ? await headers() : headers) ?? {}));
}

function options(body, accept) {
	const { token, header } = csrf();
	const headers = { Accept: accept, ...(body && { 'Content-Type': 'application/json' }), ...(token && { [header]: token }), ...lastOwn };
	const { credentials } = settings;
	return { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body), headers, credentials, cache: 'no-store' };
}

function fetchNow(path, init) {
	return (settings.fetch ?? globalThis.fetch)(settings.base + path, init);
}

// Requests

/** Sends a request, and once more if the answer brought another CSRF token, as after a login. */
async function send(path, body, accept, signal) {
	await readOwnHeaders();
	const { token } = csrf();
	const response = await fetchNow(path, { ...options(body, accept), signal });
	return response.status === 403 && csrf().token !== token ? fetchNow(path, { ...options(body, accept), signal }) : response;
}

/** Returns what the work returns. Of its errors, those without an answer become a LockError too. */
async function attempt(work, signal) {
	const login = logins;
	try {
		return await work();
	} catch (error) {
		if (signal?.aborted) {
			throw abortedError(signal);
		}
		if (error instanceof LockError) {
			if (error.code === 'unauthenticated' && login === logins) {
				loggedOut.forEach((listener) => listener(error));
			}
			throw error;
		}
		throw new LockError(0, 'unreachable', error.message, { cause: error });
	}
}

async function read(response) {
	const text = await response.text();
	return text && /[/+]json/.test(response.headers.get('Content-Type') ?? '') ? JSON.parse(text) : null;
}

/** Returns the answer, or throws a LockError. */
export function request(path, body, { signal, timeout = 10_000 } = {}) {
	return attempt(async () => {
		const limit = new AbortController();
		const abort = () => limit.abort();
		const timer = setTimeout(abort, timeout);
		signal?.addEventListener('abort', abort);
		try {
			signal?.throwIfAborted();
			const response = await send(path, body, 'application/json', limit.signal);
			const answer = await read(response);
			if (!response.ok || (response.redirected && !answer)) {
				throw errorOf(response, answer);
			}
			return answer;
		} finally {
			clearTimeout(timer);
			signal?.removeEventListener('abort', abort);
		}
	}, signal);
}

/** Returns a reader of the text of a stream, which ends with the signal, or throws a LockError. */
export function open(path, body, signal) {
	return attempt(async () => {
		const response = await send(path, body, 'text/event-stream', signal);
		if (!response.ok || response.redirected) {
			throw errorOf(response, await read(response));
		}
		const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
		// An own fetch may not know the signal.
		signal.addEventListener('abort', () => reader.cancel().catch(() => {}));
		return reader;
	}, signal);
}

/** Releases a grant while the page unloads, without waiting for anything. */
export function releaseOnUnload(resource, fence) {
	sendOnUnload('/locks/release', { resource, fence });
}

/** Sends a request while the page unloads, without waiting for anything. */
export function sendOnUnload(path, body) {
	fetchNow(path, { ...options(body, 'application/json'), keepalive: true }).catch(() => {});
}

// Callbacks

/** Calls a function of the application. What it throws is reported, and stops nothing here. */
export function call(callback, value) {
	try {
		callback?.(value);
	} catch (error) {
		(globalThis.reportError ?? console.error)(error);
	}
}
