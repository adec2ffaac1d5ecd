import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { LockError, configure } from 'locky-browser';
import { history } from 'locky-browser/history';
import { startServer } from './server.js';

let server;

beforeEach(async () => {
	server = await startServer();
	configure({ base: server.base, headers: null, fetch: server.fetch, scope: '' });
});

afterEach(() => server.close());

function answering(status, body) {
	server.answer = (request, response) => {
		response.writeHead(status, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify(body));
		return true;
	};
}

test('a page of the history is read, and the next one after it', async () => {
	const hold = { locker: 'ann', fence: 7, since: 's', until: 'u', outcome: 'TAKEN_OVER', by: 'bob', note: 'Late' };
	answering(200, { holds: [hold], next: 7 });
	const page = await history('a&b: ü');
	assert.deepEqual(page, { holds: [hold], next: 7 });
	await history('a&b: ü', { before: page.next, size: 5 });
	const queries = server.requests.map(({ path, method }) => [method, Object.fromEntries(new URL(path, server.base).searchParams)]);
	assert.deepEqual(queries, [['GET', { resource: 'a&b: ü', size: '20' }], ['GET', { resource: 'a&b: ü', size: '5', before: '7' }]]);
});

test('a history that may not be read is an error', async () => {
	answering(403, { type: 'urn:problem-type:locky:forbidden', detail: 'No', resource: 'x' });
	await assert.rejects(history('x'), (error) => error instanceof LockError && error.status === 403 && error.code === 'forbidden');
});

test('a call can be aborted', async () => {
	const abort = new AbortController();
	abort.abort();
	await assert.rejects(history('x', { signal: abort.signal }), ({ code }) => code === 'aborted');
});
