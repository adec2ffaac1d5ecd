import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { acquire, configure, resume } from 'locky-browser';
import { answer, ask, onAsked } from 'locky-browser/handover';
import { startServer, until } from './server.js';

let server;
let requests;
let stops;

beforeEach(async () => {
	server = await startServer();
	requests = new Map();
	stops = [];
	server.answer = handovers;
	configure({ base: server.base, headers: null, fetch: server.fetch, scope: '' });
	resume();
});

afterEach(async () => {
	await Promise.all(stops.map((stop) => stop()));
	await server.close();
});

const view = (id, own, more) => ({ id, resource: 'article:1', locker: own ? 'ann' : 'bob', note: null, askedAt: new Date().toISOString(),
	answer: null, reason: null, claimableAt: null, claimableIn: null, own, granted: null, ...more });

/** The part of the protocol that is about requests. */
function handovers({ path, body }, response) {
	const json = (answered) => {
		response.writeHead(200, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify(answered));
		return true;
	};
	if (path === '/locky/handovers/ask') {
		if (!server.grants.has(body.resource)) {
			server.problem(response, 409, 'nobody-to-ask', { held: false, own: false, resource: body.resource });
			return true;
		}
		requests.set('r1', view('r1', true, { note: body.note ?? null }));
		return json(requests.get('r1'));
	} else if (path === '/locky/handovers/claim') {
		const fence = server.grants.get(body.resource)?.request === body.request
			? server.grants.get(body.resource).fence : server.grant(body.resource, 'ann');
		server.grants.get(body.resource).request = body.request;
		requests.set('r1', { ...requests.get('r1'), granted: fence });
		return json({ resource: body.resource, locker: 'ann', fence, ttl: 30, heartbeat: 10 });
	} else if (path === '/locky/handovers/withdraw') {
		const late = requests.get('r1')?.granted;
		requests.delete('r1');
		requests.has('late') && requests.set('r1', requests.get('late'));
		late || requests.has('late') ? server.problem(response, 409, 'request-ended') : response.writeHead(204).end();
		return true;
	} else if (path === '/locky/handovers/answer') {
		requests.delete(body.request);
		return json(view(body.request, false, { answer: body.answer, reason: body.reason ?? null }));
	} else if (path.startsWith('/locky/handovers?')) {
		return json({ requests: [...requests.values()] });
	} else if (path === '/locky/locks/heartbeat' && server.grants.get(body.resource)?.fence === body.fence) {
		return json({ resource: body.resource, fence: body.fence, expiresIn: 30, requests: [...requests.values()].filter(({ own }) => !own) });
	}
	return false;
}

async function asking(options) {
	const seen = { answers: [], granted: [], ended: [], errors: [] };
	const asked = await ask('article:1', { onAnswer: (request) => seen.answers.push(request), onGranted: (lock) => seen.granted.push(lock),
		onEnded: (end) => seen.ended.push(end), onError: (error) => seen.errors.push(error), ...options });
	stops.push(() => asked.withdraw().catch(() => {}), ...[() => seen.granted[0]?.release()]);
	return { ...seen, asked };
}

test('a free lock is acquired at once', async () => {
	const { asked, granted } = await asking();
	assert.equal(asked.request, null);
	assert.equal(granted[0].held, true);
});

test('no and later are passed on, and later is claimed when its time has come', async () => {
	server.grant('article:1', 'bob');
	const { asked, answers, granted } = await asking({ note: 'Please' });
	assert.equal(asked.request.note, 'Please');
	await until(() => server.streams.size === 1 && server.count('/locky/handovers?') > 0);
	const answered = (more) => {
		requests.set('r1', { ...requests.get('r1'), ...more });
		server.publish('answered', { resource: 'article:1', at: new Date().toISOString(), request: requests.get('r1') });
	};
	answered({ answer: 'no', reason: 'Not yet' });
	await until(() => answers.length === 1);
	assert.equal(asked.request.reason, 'Not yet');
	answered({ answer: 'later', reason: null, claimableAt: new Date(Date.now() + 3_000).toISOString(), claimableIn: 3 });
	await until(() => answers.length >= 2);
	assert.equal(granted.length, 0);
	requests.set('r1', { ...requests.get('r1'), claimableIn: 0 });
	await until(() => granted.length === 1);
	assert.deepEqual(answers.map((request) => request.answer), ['no', 'later']);
	assert.equal(granted[0].fence, server.grants.get('article:1').fence);
});

test('an answer that is newer than what is being read is kept', async () => {
	server.grant('article:1', 'bob');
	const { answers } = await asking();
	await until(() => server.streams.size === 1);
	let late;
	server.answer = (request, response) => {
		if (request.path.startsWith('/locky/handovers?') && !late) {
			const r1 = requests.get('r1');
			late = () => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ requests: [r1] }));
			return true;
		}
		return handovers(request, response);
	};
	const answered = (more) => {
		requests.set('r1', { ...requests.get('r1'), ...more });
		server.publish('answered', { resource: 'article:1', at: new Date().toISOString(), request: requests.get('r1') });
	};
	answered({ answer: 'no', reason: 'Not yet' });
	await until(() => late && answers.length === 1);
	answered({ answer: 'later', reason: null, claimableAt: new Date(Date.now() + 60_000).toISOString(), claimableIn: 60 });
	await until(() => answers.length === 2);
	const reads = server.count('/locky/handovers?');
	late();
	await until(() => server.count('/locky/handovers?') > reads);
	await new Promise((resolve) => setTimeout(resolve, 50));
	assert.deepEqual(answers.map((request) => request.answer), ['no', 'later']);
});

test('a request that was handed over on the server is adopted', async () => {
	server.grant('article:1', 'bob');
	const { granted } = await asking();
	await until(() => server.streams.size === 1);
	const fence = server.grant('article:1', 'ann');
	requests.set('r1', { ...requests.get('r1'), answer: 'now', granted: fence, claimableIn: 0 });
	server.publish('takenover', { resource: 'article:1', own: true, lock: { locker: 'ann', fence }, previous: { locker: 'bob' } });
	await until(() => granted.length === 1);
	assert.equal(granted[0].fence, fence);
	assert.equal(server.count('/locky/handovers/claim'), 0);
});

test('the asker acquires the lock that its holder releases', async () => {
	const fence = server.grant('article:1', 'bob');
	const { granted, ended } = await asking();
	await until(() => server.streams.size === 1);
	requests.clear();
	server.grants.delete('article:1');
	server.publish('released', { resource: 'article:1', own: false, lock: { locker: 'bob', fence } });
	await until(() => granted.length === 1);
	assert.equal(ended.length, 0);
});

test('a request ends when somebody else has the lock', async () => {
	server.grant('article:1', 'bob');
	const { granted, ended } = await asking();
	await until(() => server.streams.size === 1);
	requests.clear();
	const fence = server.grant('article:1', 'eve');
	server.publish('takenover', { resource: 'article:1', own: false, lock: { locker: 'eve', fence }, previous: { locker: 'bob' } });
	await until(() => ended.length === 1);
	assert.equal(ended[0].holder.locker, 'eve');
	assert.equal(granted.length, 0);
});

test('a withdrawal that is too late releases the lock', async () => {
	server.grant('article:1', 'bob');
	const { asked, granted } = await asking();
	const fence = server.grant('article:1', 'ann');
	requests.set('late', view('r1', true, { granted: fence }));
	await asked.withdraw();
	await until(() => !server.grants.has('article:1'));
	assert.equal(granted.length, 0);
});

test('the holder hears of a request once, by heartbeat and stream, and of its end', async () => {
	const lock = await acquire('article:1');
	const heard = [];
	const gone = [];
	requests.set('r1', view('r1', false, { note: 'From the heartbeat' }));
	stops.push(onAsked(lock, (request) => heard.push(request.note), { onWithdrawn: (request) => gone.push(request.id) }), () => lock.release());
	await until(() => heard.length === 1 && server.streams.size === 1);
	const publish = (name, request) => server.publish(name, { resource: 'article:1', at: new Date().toISOString(), request });
	publish('asked', view('r1', false, { note: 'From the heartbeat' }));
	publish('asked', view('mine', true));
	requests.set('r2', view('r2', false, { note: 'From the stream' }));
	publish('asked', requests.get('r2'));
	await until(() => heard.length === 2);
	requests.delete('r1');
	publish('withdrawn', view('r1', false));
	await until(() => gone.length === 1);
	await lock.check();
	assert.deepEqual(heard, ['From the heartbeat', 'From the stream']);
	const answered = await answer(lock, { id: 'r2' }, { later: 300 });
	assert.equal(answered.answer, 'later');
	const { body } = server.requests.find(({ path }) => path === '/locky/handovers/answer');
	assert.deepEqual(body, { resource: 'article:1', fence: lock.fence, request: 'r2', answer: 'later', seconds: 300 });
	await lock.check();
	assert.deepEqual(gone, ['r1']);
});

test('after the answer now, the lock is lost at once', async () => {
	const losses = [];
	const lock = await acquire('article:1', { onTakenOver: (loss) => losses.push(loss) });
	requests.set('r1', view('r1', false));
	await answer(lock, { id: 'r1' }, 'now');
	assert.equal(lock.held, false);
	assert.deepEqual(losses.map(({ reason, holder }) => [reason, holder.locker]), [['takenover', 'bob']]);
});
