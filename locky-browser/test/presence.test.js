import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { configure, resume, watch } from 'locky-browser';
import { present } from 'locky-browser/presence';
import { startServer, until } from './server.js';

// A heartbeat is due after 10 seconds. Tests that need several have them sooner.
const HEARTBEAT = 10_000;
const SOON = 400;
let heartbeat;
const realTimeout = setTimeout;
globalThis.setTimeout = (work, ms, ...rest) => realTimeout(work, ms === HEARTBEAT ? heartbeat : ms, ...rest);

let server;
let others;
let answered;
let handles;

beforeEach(async () => {
	server = await startServer();
	others = [];
	answered = () => {};
	handles = [];
	heartbeat = HEARTBEAT;
	let own = null;
	server.answer = ({ path, body }, response) => {
		if (!path.startsWith('/locky/presence')) {
			return false;
		}
		if (path.endsWith('/leave')) {
			own = null;
			response.writeHead(204).end();
			return true;
		}
		own = path.endsWith('/enter') ? { person: 'ann', state: body.state, since: own?.since ?? at(0), expiresIn: 30, own: true } : own;
		const people = [...others, ...own ? [own] : []];
		answered();
		response.writeHead(200, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify({ people }));
		return true;
	};
	// Without the signal, as the time limit of a request is that of a heartbeat too: a slow machine is no outage.
	const unlimited = (url, init) => server.fetch(url, url.endsWith('/events') ? init : { ...init, signal: undefined });
	configure({ base: server.base, headers: null, fetch: unlimited, scope: '' });
	resume();
});

afterEach(async () => {
	handles.forEach((handle) => handle.leave());
	await server.close();
});

const at = (seconds) => new Date(Date.UTC(2026, 1, 3) + seconds * 1000).toISOString();
const other = (person, state, since = at(0), expiresIn = 30) => ({ person, state, since, expiresIn, own: false });
const entered = () => server.requests.filter((request) => request.path === '/locky/presence/enter');

/** What was sent about presence, without the heartbeats that were due meanwhile. */
const sent = () => server.requests.filter((request) => request.path.startsWith('/locky/presence')).filter((request, i, all) => i === 0
	|| request.path !== all[i - 1].path || request.body.state !== all[i - 1].body.state || request.at - all[i - 1].at < heartbeat - 10);

function looking(resource, options = {}) {
	const seen = { lists: [], errors: [] };
	seen.handle = present(resource, { onPeople: (people) => seen.lists.push(people), onError: (error) => seen.errors.push(error), ...options });
	seen.names = () => seen.lists.at(-1)?.map(({ person, state }) => `${person} ${state}`).join();
	handles.push(seen.handle);
	return seen;
}

const event = (resource, person, state, time, own = false) => server.publish('presence', { resource, own, at: at(time), person, state });

test('several places of a page send one heartbeat, with the most active state', async () => {
	heartbeat = SOON;
	others = [other('bob', 'waiting')];
	const first = looking('article:1');
	const second = looking('article:1', { state: 'editing' });
	await until(() => first.names() === 'ann editing,bob waiting' && second.names() === first.names());
	assert.deepEqual(sent().map(({ body }) => body.state), ['viewing', 'editing']);
	assert.match(entered()[0].body.page, /^[A-Za-z0-9_-]{1,64}$/);
	assert.equal(entered()[0].body.page, entered()[1].body.page);
	second.handle.setState('waiting');
	await until(() => first.names() === 'ann waiting,bob waiting');
	second.handle.leave();
	await until(() => first.names() === 'bob waiting,ann viewing');
	assert.equal(server.count('/locky/presence/leave'), 0);
	first.handle.leave();
	await server.quiet();
	const before = server.requests.length;
	await new Promise((resolve) => realTimeout(resolve, 900));
	assert.deepEqual(sent().map(({ body }) => body.state), ['viewing', 'editing', 'waiting', 'viewing', undefined]);
	assert.equal(server.count('/locky/presence/leave'), 1);
	assert.equal(server.requests.length, before);
});

test('a page enters again every third of the lease, and no more often', async () => {
	heartbeat = SOON;
	const seen = looking('article:1');
	await until(() => entered().length >= 4);
	assert.equal(sent().length, 1);
	assert.equal(seen.lists.length, 1);
});

test('events change the list without a request', async () => {
	const live = [];
	handles.push({ leave: watch(['article:1'], () => {}, { onLive: (now) => live.push(now) }) });
	const seen = looking('article:1');
	await until(() => live.at(-1) && seen.names() === 'ann viewing');
	event('article:1', 'bob', 'viewing', 5);
	await until(() => seen.names() === 'ann viewing,bob viewing');
	event('article:1', 'bob', 'editing', 9);
	await until(() => seen.names() === 'bob editing,ann viewing');
	assert.equal(seen.lists.at(-1)[0].since, at(5));
	event('article:1', 'bob', 'waiting', 7);
	event('article:2', 'eve', 'viewing', 10);
	event('article:1', 'joe', 'waiting', 10);
	await until(() => seen.names() === 'bob editing,joe waiting,ann viewing');
	event('article:1', 'bob', null, 11);
	await until(() => seen.names() === 'joe waiting,ann viewing');
	assert.equal(server.count('/locky/presence?'), 0);
});

test('an event that is newer than the answer under way is kept', async () => {
	const live = [];
	handles.push({ leave: watch(['article:1'], () => {}, { onLive: (now) => live.push(now) }) });
	await until(() => live.at(-1));
	const seen = looking('article:1');
	await until(() => seen.names() === 'ann viewing');
	const enters = entered().length;
	answered = () => {
		answered = () => {};
		event('article:1', 'bob', 'editing', 5);
	};
	seen.handle.setState('waiting');
	await until(() => entered().length > enters && seen.names() === 'bob editing,ann waiting');
});

test('people without a name are read again', async () => {
	const live = [];
	handles.push({ leave: watch(['article:1'], () => {}, { onLive: (now) => live.push(now) }) });
	const seen = looking('article:1');
	await until(() => live.at(-1) && seen.names() === 'ann viewing');
	others = [other(null, 'viewing', at(5)), other(null, 'editing', at(6))];
	event('article:1', null, 'editing', 6);
	await until(() => seen.names() === 'null editing,ann viewing,null viewing');
	assert.equal(entered().length, 1);
});

test('a person whose lease has ended is removed without an event', async () => {
	others = [other('bob', 'editing', at(0), 0.3)];
	const seen = looking('article:1');
	await until(() => seen.names() === 'ann viewing');
	assert.deepEqual(seen.lists.map((people) => people.length), [2, 1]);
	assert.equal(entered().length, 1);
});

test('a page that may not look stops', async () => {
	heartbeat = SOON;
	const answer = server.answer;
	server.answer = (request, response) => request.path.startsWith('/locky/presence')
		? (server.problem(response, 403, 'forbidden'), true) : answer(request, response);
	const seen = looking('article:1');
	await until(() => seen.errors.length === 1);
	await new Promise((resolve) => realTimeout(resolve, 900));
	assert.equal(entered().length, 1);
	assert.equal(seen.errors[0].code, 'forbidden');
});

test('a page goes on after an outage and after a login', async () => {
	heartbeat = SOON;
	const answer = server.answer;
	let outages = 2;
	let loggedOut = false;
	server.answer = (request, response) => {
		const status = !request.path.startsWith('/locky/presence') ? 0 : outages-- > 0 ? 503 : loggedOut ? 401 : 0;
		return status ? (server.problem(response, status, status === 401 ? 'unauthenticated' : 'unavailable'), true) : answer(request, response);
	};
	const seen = looking('article:1');
	await until(() => seen.names() === 'ann viewing');
	assert.equal(seen.errors.length, 2);
	loggedOut = true;
	const before = entered().length;
	await until(() => entered().length > before);
	const after = entered().length;
	await new Promise((resolve) => realTimeout(resolve, 900));
	assert.equal(entered().length, after);
	assert.equal(server.count('/locky/presence/leave'), 0);
	loggedOut = false;
	resume();
	await until(() => entered().length > after);
});

test('an aborted call and an impossible state send nothing', async () => {
	const seen = looking('article:1', { signal: AbortSignal.abort() });
	assert.throws(() => present('article:1', { state: 'sleeping' }), TypeError);
	const abort = new AbortController();
	const other = looking('article:2', { signal: abort.signal });
	await until(() => other.lists.length > 0);
	abort.abort();
	await until(() => server.count('/locky/presence/leave') === 1);
	assert.equal(seen.lists.length, 0);
});
