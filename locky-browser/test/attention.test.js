import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { startServer, until } from './server.js';

const window = new EventTarget();
globalThis.addEventListener = window.addEventListener.bind(window);
globalThis.removeEventListener = window.removeEventListener.bind(window);

const { acquire, configure, watch } = await import('locky-browser');
const { watchAttention } = await import('locky-browser/attention');

let server;
let seen;
let attention;

beforeEach(async () => {
	server = await startServer();
	configure({ base: server.base, headers: null, fetch: server.fetch, scope: '' });
	mock.timers.enable({ apis: ['setInterval', 'Date'] });
	seen = [];
});

afterEach(async () => {
	attention?.stop();
	await attention?.lock?.release();
	mock.timers.reset();
	await server.close();
});

async function watching(options = {}) {
	const lock = await acquire('article:1', { note: 'Busy', onLost: ({ reason }) => seen.push(`lost ${reason}`) });
	attention = watchAttention(lock, {
		idleAfter: 60,
		grace: 10,
		onIdle: ({ secondsLeft }) => seen.push(secondsLeft),
		onActive: () => seen.push('active'),
		onReleased: () => seen.push('released'),
		onBack: (back) => seen.push(back),
		onError: (error) => seen.push(error),
		lastFence: () => 0,
		...options,
	});
	return lock;
}

/** Lets time pass, and what was sent meanwhile be answered. */
async function pass(seconds) {
	for (let second = 0; second < seconds; second++) {
		mock.timers.tick(1000);
		await new Promise((resolve) => setTimeout(resolve, 3));
	}
}

function press(type = 'keydown', members = {}) {
	window.dispatchEvent(Object.assign(new Event(type), members));
}

function reported() {
	return server.requests.filter(({ path }) => path === '/locky/locks/heartbeat').map(({ body }) => body.idle);
}

test('a lock is released after the countdown, and not before', async () => {
	const lock = await watching();
	await pass(59);
	assert.deepEqual(seen, []);
	await pass(10);
	assert.deepEqual(seen, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
	assert.equal(lock.held, true);
	await pass(2);
	await until(() => seen.at(-1) === 'released');
	assert.equal(lock.held, false);
	assert.equal(attention.lock, null);
	assert.equal(server.grants.size, 0);
});

test('input keeps the lock, and ends the countdown', async () => {
	const lock = await watching();
	await pass(50);
	press();
	await pass(50);
	press('wheel');
	await pass(59);
	assert.deepEqual(seen, []);
	await pass(5);
	assert.equal(seen[0], 10);
	press('pointerdown');
	assert.equal(seen.at(-1), 'active');
	const { length } = seen;
	await pass(59);
	assert.equal(seen.length, length);
	assert.equal(lock.held, true);
	assert.equal(attention.lock, lock);
});

test('heartbeats say for how long the holder is idle, and at once that it is active', async () => {
	await watching({ grace: 30 });
	await pass(59);
	assert.ok(reported().length >= 4);
	assert.ok(reported().every((idle) => idle === 0));
	await pass(2);
	await until(() => reported().at(-1) >= 60 && reported().at(-1) < 63);
	await pass(20);
	await until(() => reported().at(-1) > 65);
	press();
	await until(() => reported().at(-1) === 0);
});

test('input during a heartbeat that says idle is reported after it', async () => {
	await watching();
	let held;
	server.answer = (request, response) => {
		if (request.path.endsWith('/heartbeat') && request.body.idle > 0 && !held) {
			held = () => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ ...request.body, expiresIn: 30 }));
			return true;
		}
		return false;
	};
	await pass(61);
	await until(() => held);
	press();
	held();
	await until(() => reported().at(-1) === 0);
	assert.equal(seen.at(-1), 'active');
});

test('without a countdown the lock is kept, and others see that the holder is idle', async () => {
	const lock = await watching({ grace: Infinity });
	await pass(200);
	assert.deepEqual(seen, [null]);
	assert.equal(lock.held, true);
	await until(() => reported().at(-1) > 180);
});

test('the lock is acquired again when she is back, if nobody has saved since', async () => {
	const asked = [];
	const lock = await watching({ lastFence: async () => {
		asked.push(server.grants.get('article:1')?.fence);
		return lock.fence;
	} });
	await pass(72);
	await until(() => seen.at(-1) === 'released');
	press();
	await until(() => seen.at(-1).unchanged !== undefined);
	const { unchanged, lock: again } = seen.at(-1);
	assert.equal(unchanged, true);
	assert.ok(again.fence > lock.fence);
	assert.deepEqual(asked, [again.fence]);
	assert.equal(attention.lock, again);
	const { body } = server.requests.findLast(({ path }) => path === '/locky/locks/acquire');
	assert.equal(body.note, 'Busy');
	await pass(72);
	await until(() => seen.at(-1) === 'released');
	assert.equal(again.held, false);
});

for (const [what, options] of Object.entries({
	'somebody has saved since': { lastFence: () => 1e9 },
	'the last fence is not known': { lastFence: () => undefined },
	'nothing says that it is unchanged': { lastFence: undefined },
	'the application says that it changed': { lastFence: undefined, isUnchanged: async () => false },
	'the application does not answer': { lastFence: () => Promise.reject(new Error('down')) },
})) {
	test(`the lock is not kept when she is back and ${what}`, async () => {
		await watching(options);
		await pass(72);
		await until(() => seen.at(-1) === 'released');
		press();
		await until(() => seen.at(-1).unchanged !== undefined);
		assert.deepEqual(seen.at(-1), { unchanged: false, lock: null, holder: null });
		assert.equal(server.grants.size, 0);
		assert.equal(attention.lock, null);
		press();
		await pass(3);
		assert.equal(server.count('/locky/locks/acquire'), 2);
	});
}

test('the application can say that it is unchanged', async () => {
	const lock = await watching({ lastFence: undefined, isUnchanged: async (again, before) => again.fence > before.fence });
	await pass(72);
	await until(() => seen.at(-1) === 'released');
	press();
	await until(() => seen.at(-1).unchanged);
	assert.ok(attention.lock.fence > lock.fence);
});

test('the lock of another is left alone when she is back', async () => {
	await watching();
	await pass(72);
	await until(() => seen.at(-1) === 'released');
	const fence = server.grant('article:1', 'bob');
	press();
	await until(() => seen.at(-1).unchanged === false);
	assert.equal(seen.at(-1).holder.locker, 'bob');
	assert.equal(seen.at(-1).error.code, 'locked');
	assert.equal(server.grants.get('article:1').fence, fence);
});

test('input while the release is under way waits for its answer', async () => {
	await watching();
	let answer;
	server.answer = (request, response) => {
		if (request.path.endsWith('/release') && !answer) {
			answer = () => {
				server.grants.delete('article:1');
				response.writeHead(204).end();
			};
			return true;
		}
		return false;
	};
	await pass(72);
	await until(() => answer);
	press();
	await pass(1);
	assert.equal(server.count('/locky/locks/acquire'), 1);
	answer();
	await until(() => seen.at(-1).unchanged);
	assert.ok(seen.includes('released'));
});

test('an attempt to come back that is not answered is made again with later input', async () => {
	await watching();
	await pass(72);
	await until(() => seen.at(-1) === 'released');
	server.answer = (request, response) => request.path.endsWith('/acquire') && Boolean(server.problem(response, 503, 'unavailable') ?? true);
	press();
	await until(() => seen.at(-1).code === 'unavailable');
	press();
	await pass(1);
	assert.equal(server.count('/locky/locks/acquire'), 2);
	server.answer = null;
	await pass(2);
	press();
	await until(() => seen.at(-1).unchanged);
});

test('a lock that is lost while its holder is idle is not acquired again', async () => {
	await watching({ grace: 30 });
	await pass(62);
	server.grant('article:1', 'bob');
	await pass(20);
	await until(() => seen.some((what) => String(what).startsWith('lost')));
	press();
	await pass(2);
	assert.equal(server.count('/locky/locks/acquire'), 1);
	assert.ok(!seen.includes('released'));
});

test('a lock that the page releases is not watched any more', async () => {
	const lock = await watching();
	await pass(62);
	await lock.release();
	const { length } = seen;
	await pass(30);
	press();
	await pass(2);
	assert.equal(seen.length, length);
	assert.equal(server.count('/locky/locks/acquire'), 1);
});

test('what is stopped reports that the holder is active, and keeps the lock', async () => {
	const lock = await watching();
	await pass(62);
	attention.stop();
	await until(() => reported().at(-1) === 0);
	await pass(100);
	assert.equal(lock.held, true);
	assert.equal(reported().at(-1), undefined);
	await lock.release();
});

test('a pointer that rests, a focus set by a script and events of scripts are no input', async () => {
	await watching();
	press('pointermove', { screenX: 10, screenY: 20 });
	for (let minute = 0; minute < 6; minute++) {
		await pass(10);
		press('pointermove', { screenX: 10, screenY: 20 });
		press('focus');
		press('input');
	}
	await pass(2);
	assert.equal(seen[0], 10);
	press('pointermove', { screenX: 11, screenY: 20 });
	assert.equal(seen.at(-1), 'active');
});

test('after a sleep of the computer there is time to come back', async () => {
	const lock = await watching();
	server.ttl = 36_000;
	await lock.check();
	await pass(2);
	mock.timers.setTime(Date.now() + 3_600_000);
	await pass(1);
	assert.ok(seen.length === 1 && seen[0] >= 9, seen);
	press();
	assert.equal(seen.at(-1), 'active');
	assert.equal(lock.held, true);
});

test('a watch shows when a holder is idle, and an event that it does not know changes nothing', async () => {
	const fence = server.grant('article:1', 'bob');
	const states = [];
	let live = false;
	const stop = watch(['article:1'], (state) => states.push(state), { onLive: (now) => { live = now; } });
	await until(() => live && states.length === 1 && server.count('/locky/locks/query') >= 2);
	await new Promise((resolve) => setTimeout(resolve, 50));
	const queries = server.count('/locky/locks/query');
	const idleSince = '2026-11-24T12:01:46.051Z';
	const publish = (name, lock) => server.publish(name, { resource: 'article:1', own: false, lock: { locker: 'bob', fence, ...lock } });
	publish('idle', { idleSince });
	await until(() => states.length === 2);
	assert.deepEqual(states[1], { resource: 'article:1', held: true, own: false, holder: { locker: 'bob', fence, idleSince } });
	publish('idle', { idleSince });
	publish('later', {});
	publish('idle', { fence: fence - 1 });
	publish('active', {});
	await until(() => states.length === 3);
	assert.deepEqual(states[2].holder, { locker: 'bob', fence });
	publish('released', {});
	publish('active', { idleSince });
	publish('acquired', { fence: fence + 1 });
	await until(() => states.length === 5);
	assert.deepEqual(states.map(({ held }) => held), [true, true, true, false, true]);
	assert.equal(server.count('/locky/locks/query'), queries);
	stop();
});
