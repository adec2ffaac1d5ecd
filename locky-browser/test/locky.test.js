import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, test } from 'node:test';

import * as locky from 'locky-browser';
import { startServer, until } from './server.js';

const { LockError, acquire, adopt, configure, holder, holders, resume, watch } = locky;

let server;
let stops;

beforeEach(async () => {
	server = await startServer();
	stops = [];
	configure({ base: server.base, headers: null, fetch: server.fetch, scope: '' });
	resume();
});

afterEach(async () => {
	stops.forEach((stop) => stop());
	await server.close();
});

function watching(resources, options) {
	const seen = { states: new Map(), calls: [], errors: [], live: [] };
	seen.stop = watch(resources, (state) => {
		seen.states.set(state.resource, state);
		seen.calls.push(state);
	}, { onError: (error) => seen.errors.push(error), onLive: (live) => seen.live.push(live), ...options });
	stops.push(seen.stop);
	return seen;
}

test('a lock is acquired, held, and released', async () => {
	const lock = await acquire('article:1', { note: 'Busy', ttl: 20 });
	assert.equal(lock.held, true);
	assert.equal(await lock.check(), true);
	assert.equal((await holder('article:1')).holder.fence, lock.fence);
	const { body } = server.requests[0];
	assert.deepEqual([body.resource, body.note, body.ttl], ['article:1', 'Busy', 20]);
	assert.match(body.page, /^[A-Za-z0-9_-]{1,64}$/);
	await lock.release();
	assert.equal(lock.held, false);
	assert.equal(server.grants.size, 0);
});

test('a lost answer of acquire is no lock in another tab', async () => {
	let lost = 0;
	server.answer = (request, response) => {
		if (request.path.endsWith('/acquire') && lost++ < 1) {
			server.grant(request.body.resource, 'ann', request.body.page);
			response.destroy();
			return true;
		}
		return false;
	};
	const lock = await acquire('article:1');
	assert.equal(lock.fence, server.grants.get('article:1').fence);
	await lock.release();
});

test('acquire after an answer that was lost for good gets the same grant', async () => {
	let lost = true;
	server.answer = (request, response) => {
		if (lost && request.path.endsWith('/acquire')) {
			server.grants.has(request.body.resource) || server.grant(request.body.resource, 'ann', request.body.page);
			response.destroy();
			return true;
		}
		return false;
	};
	await assert.rejects(acquire('article:1'), { name: 'LockError', code: 'unreachable', status: 0 });
	lost = false;
	const lock = await acquire('article:1');
	assert.equal(lock.fence, server.grants.get('article:1').fence);
	await assert.rejects(acquire('article:1'), { code: 'locked', status: 423, own: true });
	await lock.release();
});

test('many names need one stream, which is sent by POST', async () => {
	const names = Array.from({ length: 2000 }, () => crypto.randomUUID());
	const seen = watching(names);
	await until(() => seen.states.size === names.length && seen.live.at(-1));
	assert.equal(server.streams.size, 1);
	assert.deepEqual(new Set(server.requests.find((request) => request.path === '/locky/events').body.resources), new Set(names));
	assert.ok(server.requests.filter((request) => request.path.endsWith('/query')).every((request) => request.body.resources.length <= 500));
	const fence = server.grant(names[7], 'bob');
	server.publish('acquired', { resource: names[7], own: false, lock: { locker: 'bob', fence } });
	await until(() => seen.states.get(names[7]).held);
	assert.equal(seen.calls.length, names.length + 1);
});

test('many watches of one page read together', async () => {
	const seen = Array.from({ length: 300 }, (_, id) => watching([`article:${id}`]));
	await until(() => seen.every((each) => each.states.size === 1 && each.live.at(-1)));
	assert.ok(server.count('/locky/locks/query') < 10);
	assert.ok(server.count('/locky/events') < 3);
});

test('other names open another stream, and events are not lost in between', async () => {
	const first = watching(['article:1']);
	await until(() => first.live.at(-1));
	const second = watching(['article:2']);
	await until(() => second.live.at(-1));
	await until(() => server.streams.size === 1);
	const last = server.requests.findLast((request) => request.path === '/locky/events');
	assert.deepEqual(last.body.resources.sort(), ['article:1', 'article:2']);
	assert.deepEqual(first.live, [true]);
	server.publish('acquired', { resource: 'article:1', own: false, lock: { locker: 'bob', fence: 5000 } });
	await until(() => first.states.get('article:1').held);
	first.stop();
	second.stop();
	await until(() => server.streams.size === 0);
});

for (const [what, refuse] of Object.entries({
	'503': (response) => server.problem(response, 503, 'too-many-subscribers'),
	'405': (response) => response.writeHead(405).end(),
	'a buffering proxy': () => {},
})) {
	test(`without a stream (${what}), the state is read and polled`, async () => {
		server.answer = (request, response) => {
			if (request.path === '/locky/events') {
				refuse(response);
				return true;
			}
			return false;
		};
		server.grant('article:1', 'bob');
		const seen = watching(['article:1']);
		await until(() => seen.states.get('article:1')?.held);
		server.grants.delete('article:1');
		await until(() => !seen.states.get('article:1').held);
		assert.deepEqual(seen.live, []);
	});
}

test('a stream that breaks is polled for, and opened again', async () => {
	const seen = watching(['article:1']);
	await until(() => seen.live.at(-1));
	let broken = true;
	server.answer = (request, response) => broken && request.path === '/locky/events' && server.problem(response, 503, 'unavailable') === undefined;
	server.streams.forEach((stream) => stream.destroy());
	await until(() => seen.live.at(-1) === false);
	server.grant('article:1', 'bob');
	await until(() => seen.states.get('article:1').held);
	assert.equal(seen.live.at(-1), false);
	broken = false;
	await until(() => seen.live.at(-1) === true);
});

test('a stream that the server renews goes on without a word', async () => {
	const seen = watching(['article:1']);
	await until(() => seen.live.at(-1));
	server.grant('article:1', 'bob');
	server.publish('end', { reason: 'renew' });
	server.streams.forEach((stream) => stream.end());
	await until(() => seen.states.get('article:1').held && server.streams.size === 1);
	assert.deepEqual(seen.live, [true]);
});

test('names that may not be watched do not end the stream of the others', async () => {
	server.answer = (request, response) => request.body?.resources?.includes('secret:1')
		&& server.problem(response, 403, 'forbidden', { resource: 'secret:1' }) === undefined;
	const good = watching(['article:1']);
	const bad = watching(['secret:1']);
	await until(() => good.live.at(-1) && bad.errors.length === 1);
	assert.equal(bad.errors[0].code, 'forbidden');
	assert.equal(server.streams.size, 1);
});

test('a session that ends is reported once, and a login goes on', async () => {
	const losses = [];
	const locks = await Promise.all([1, 2, 3].map((id) => acquire(`article:${id}`, { onLost: (loss) => losses.push(loss) })));
	const seen = [watching(['article:8']), watching(['article:9'])];
	await until(() => seen.every((each) => each.live.at(-1)));
	let loggedOut = true;
	let refused = 0;
	server.answer = (request, response) => loggedOut && ++refused && response.writeHead(401).end();
	await locks[0].check();
	assert.deepEqual(losses.map((loss) => loss.reason), ['unauthenticated', 'unauthenticated', 'unauthenticated']);
	assert.deepEqual(seen.map((each) => each.errors.map((error) => error.code)), [['unauthenticated'], ['unauthenticated']]);
	await until(() => server.streams.size === 0);
	await assert.rejects(acquire('article:4'), { code: 'unauthenticated', status: 401 });
	// The heartbeat, the last acquire, and perhaps a read that was under way.
	assert.ok(refused <= 3);
	loggedOut = false;
	const again = await adopt(losses[0].resource, losses[0].fence);
	assert.equal(again.held, true);
	await until(() => seen.every((each) => each.live.at(-1)) && server.streams.size === 1);
	assert.equal(seen[0].errors.length, 1);
	await again.release();
});

test('the end of the stream of a session is reported once', async () => {
	const seen = watching(['article:1']);
	await until(() => seen.live.at(-1));
	server.answer = (request, response) => response.writeHead(401).end();
	server.publish('end', { reason: 'unauthenticated' });
	server.streams.forEach((stream) => stream.end());
	await until(() => seen.errors.length === 1);
	assert.equal(seen.errors[0].code, 'unauthenticated');
	assert.equal(seen.live.at(-1), true);
	server.answer = null;
	resume();
	await until(() => server.streams.size === 1);
});

test('an answer to a request from before a login is no end of the session', async () => {
	const seen = watching(['article:1']);
	const lock = await acquire('article:2');
	await until(() => seen.live.at(-1));
	let late = null;
	server.answer = (request, response) => request.path.startsWith('/locky/locks?') && Boolean(late = response);
	const reading = holder('article:1');
	await until(() => late);
	resume();
	late.writeHead(401).end();
	await assert.rejects(reading, { code: 'unauthenticated' });
	assert.deepEqual(seen.errors, []);
	assert.equal(lock.held, true);
	assert.equal(server.streams.size, 1);
	server.answer = null;
	await lock.release();
});

test('a login page instead of an answer is a session that has ended', async () => {
	server.answer = (request, response) => {
		if (request.path === '/login') {
			response.writeHead(200, { 'Content-Type': 'text/html' }).end('<form>');
		} else {
			response.writeHead(302, { Location: '/login' }).end();
		}
		return true;
	};
	await assert.rejects(acquire('article:1'), { name: 'LockError', code: 'unauthenticated', status: 401 });
});

test('a clock that is set back sends a heartbeat at once', async (context) => {
	const lock = await acquire('article:1');
	const real = Date.now;
	context.mock.method(Date, 'now', () => real() - 3_600_000);
	await until(() => server.count('/locky/locks/heartbeat') === 1);
	await lock.release();
});

test('a clock that is set back does not keep a dead lock', async (context) => {
	server.ttl = 2;
	const losses = [];
	const lock = await acquire('article:1', { onLost: (loss) => losses.push(loss) });
	server.answer = (request, response) => response.destroy();
	const real = Date.now;
	context.mock.method(Date, 'now', () => real() - 3_600_000);
	await until(() => losses.length === 1);
	assert.equal(losses[0].reason, 'unreachable');
	assert.equal(lock.held, false);
});

test('a heartbeat that comes too early after a sleep is repeated', async (context) => {
	const losses = [];
	const lock = await acquire('article:1', { onLost: (loss) => losses.push(loss) });
	let early = 0;
	server.answer = (request, response) => {
		if (request.path.endsWith('/heartbeat') && early++ === 0) {
			server.problem(response, 429, 'too-many-heartbeats', {}, { 'Retry-After': '1' });
			return true;
		}
		return false;
	};
	const real = Date.now;
	context.mock.method(Date, 'now', () => real() + 3_600_000);
	await until(() => server.count('/locky/locks/heartbeat') === 2);
	await until(() => lock.held);
	assert.equal(losses.length, 0);
	await lock.release();
});

test('an aborted call is a LockError, and what it would have got is given back', async () => {
	const aborted = { name: 'LockError', code: 'aborted', status: 0 };
	await assert.rejects(acquire('article:1', { signal: AbortSignal.abort() }), aborted);
	assert.equal(server.requests.length, 0);
	const answers = [];
	server.answer = (request, response) => request.path.endsWith('/acquire') && response.headersSent === false && !response.late
		&& answers.push(() => {
			const fence = server.grant(request.body.resource, 'ann', request.body.page);
			response.writeHead(200, { 'Content-Type': 'application/json' });
			response.end(JSON.stringify({ resource: request.body.resource, locker: 'ann', fence, ttl: 30 }));
		});
	const controller = new AbortController();
	const call = acquire('article:1', { signal: controller.signal });
	await until(() => answers.length === 1);
	controller.abort();
	await assert.rejects(call, aborted);
	answers[0]();
	await until(() => server.count('/locky/locks/release') === 1 && server.grants.size === 0);
	server.answer = () => true;
	for (const work of [(signal) => holder('article:1', { signal }), (signal) => holders(['article:1'], { signal }),
		(signal) => adopt('article:1', 1, { signal })]) {
		const stop = new AbortController();
		const result = work(stop.signal);
		setTimeout(() => stop.abort(), 20);
		await assert.rejects(result, aborted);
	}
});

test('a signal stops a watch', async () => {
	const controller = new AbortController();
	const seen = watching(['article:1'], { signal: controller.signal });
	await until(() => seen.live.at(-1));
	controller.abort();
	await until(() => server.streams.size === 0);
	assert.equal(seen.errors.length, 0);
});

test('own headers and an own fetch are used, for the stream too', async () => {
	let token = 'one';
	const fetched = [];
	configure({
		headers: async () => ({ Authorization: `Bearer ${token}` }),
		fetch: (url, init) => {
			fetched.push(String(url));
			return server.fetch(url, init);
		},
	});
	const lock = await acquire('article:1');
	token = 'two';
	const seen = watching(['article:1']);
	await until(() => seen.live.at(-1));
	const headersOf = (path) => server.requests.find((request) => request.path.endsWith(path)).headers.authorization;
	assert.deepEqual([headersOf('/acquire'), headersOf('/query'), headersOf('/events')], ['Bearer one', 'Bearer two', 'Bearer two']);
	await until(() => fetched.length === server.requests.length);
	await lock.release();
});

test('errors of an own fetch or of own headers are LockErrors', async () => {
	configure({ headers: () => Promise.reject(new Error('no token')) });
	await assert.rejects(acquire('article:1'), { name: 'LockError', code: 'unreachable', message: 'no token' });
	configure({ headers: { 'not a name': 'x' } });
	await assert.rejects(holder('article:1'), { name: 'LockError', code: 'unreachable' });
	configure({ headers: null, fetch: () => { throw new TypeError('offline'); } });
	await assert.rejects(holders(['article:1']), { name: 'LockError', code: 'unreachable', message: 'offline' });
});

test('the declarations name what the module exports', async () => {
	for (const [module, file] of [['locky-browser', 'locky.d.ts'], ['locky-browser/form', 'locky-form.d.ts']]) {
		const declared = [...(await readFile(new URL(`../src/${file}`, import.meta.url), 'utf8'))
			.matchAll(/^export (?:declare )?(?:class|function|const) (\w+)/gm)].map(([, name]) => name);
		assert.deepEqual(new Set(declared), new Set(Object.keys(await import(module))));
	}
	assert.ok(LockError.prototype instanceof Error);
});
