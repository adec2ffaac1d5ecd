import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { configure, resume } from 'locky-browser';
import { joinLine } from 'locky-browser/line';
import { startServer, until } from './server.js';

let server;
let line;
let left;

/** The line of the server: its first place is offered the lock while nobody holds it. */
beforeEach(async () => {
	server = await startServer();
	configure({ base: server.base, headers: null, fetch: server.fetch, scope: '' });
	resume();
	line = { names: [], lease: 0.6, offer: 5, offered: false };
	left = [];
	server.answer = (entry, response) => {
		const [, wish] = /\/locky\/line\/(\w+)$/.exec(entry.path) ?? [];
		if (!wish) {
			return false;
		}
		if (wish === 'join' && !line.names.includes('ann')) {
			line.names.push('ann');
		}
		if (wish === 'leave') {
			line.names = line.names.filter((name) => name !== 'ann');
			response.writeHead(204).end();
			return true;
		}
		const places = line.names.map((locker, index) => ({ locker, position: index + 1, expiresIn: line.lease,
			offeredFor: line.offered && index === 0 ? line.offer : null, own: locker === 'ann' }));
		response.writeHead(200, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify({ places, own: places.find((place) => place.own) ?? null, length: places.length }));
		return true;
	};
});

afterEach(async () => {
	await Promise.all(left.map((place) => place.leave()));
	await server.close();
});

function joining(options) {
	const seen = { places: [], offers: [], lost: [], errors: [] };
	seen.place = joinLine('article:1', { onPlace: (place) => seen.places.push(place), onOffer: (offer) => seen.offers.push(offer),
		onLost: (error) => seen.lost.push(error), onError: (error) => seen.errors.push(error), ...options });
	left.push(seen.place);
	return seen;
}

test('a place is shown, refreshed every third of its lease, and left', async () => {
	line.names = ['bob'];
	const seen = joining();
	await until(() => server.count('/locky/line/refresh') >= 3);
	assert.deepEqual(seen.places, [{ position: 2, length: 2, offeredFor: null }]);
	line.names.shift();
	await until(() => seen.places.length === 2);
	assert.equal(seen.places[1].position, 1);
	await seen.place.leave();
	assert.deepEqual(line.names, []);
	const sent = server.requests.length;
	await new Promise((resolve) => setTimeout(resolve, 600));
	assert.equal(server.requests.slice(sent).filter(({ path }) => path.includes('/line/')).length, 0);
	assert.deepEqual(seen.lost, []);
});

test('an event of the stream brings the offer at once, and taking it is no loss', async () => {
	line.lease = 300;
	const seen = joining();
	await until(() => server.streams.size === 1 && seen.places.length === 1);
	line.offered = true;
	server.publish('offered', { resource: 'article:1', own: true, at: '2026-01-01T00:00:00Z', locker: 'ann', offeredFor: 5 });
	await until(() => seen.offers.length === 1);
	assert.equal(seen.offers[0].secondsLeft, 5);
	const lock = await seen.offers[0].take({ note: 'At last' });
	assert.equal(lock.held, true);
	assert.equal(server.grants.get('article:1').locker, 'ann');
	line.names = [];
	await new Promise((resolve) => setTimeout(resolve, 600));
	assert.deepEqual(seen.lost, []);
	await lock.release();
});

test('an offer is shown once, and a place that has ended is lost', async () => {
	line.offered = true;
	const seen = joining();
	await until(() => server.count('/locky/line/refresh') >= 2);
	assert.equal(seen.offers.length, 1);
	line.names = ['bob'];
	await until(() => seen.lost.length === 1);
	assert.equal(seen.lost[0], null);
});

test('a failure is repeated, and a refusal is not', async () => {
	const answer = server.answer;
	let failures = 1;
	server.answer = (entry, response) => {
		if (entry.path.endsWith('/line/join') && failures-- > 0) {
			server.problem(response, 503, 'line-full', {}, { 'Retry-After': '1' });
			return true;
		}
		return answer(entry, response);
	};
	const seen = joining();
	await until(() => seen.places.length === 1);
	assert.equal(seen.errors[0].code, 'line-full');
	server.answer = (entry, response) => {
		if (entry.path.includes('/line/')) {
			server.problem(response, 403, 'forbidden');
			return true;
		}
		return false;
	};
	await until(() => seen.lost.length === 1);
	assert.equal(seen.lost[0].code, 'forbidden');
});

test('a signal leaves the line', async () => {
	const abort = new AbortController();
	joining({ signal: abort.signal });
	await until(() => line.names.length === 1);
	abort.abort();
	await until(() => line.names.length === 0);
});
