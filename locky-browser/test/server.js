// A server that speaks the protocol of docs/web.md as far as the tests need it, and does what they want to go wrong.

import { createServer } from 'node:http';

export async function startServer() {
	const grants = new Map();          // resource → {locker, fence, page}
	const streams = new Set();
	const requests = [];
	let fence = 1000;
	let underWay = 0;
	const server = { grants, streams, requests, ttl: 30, answer: null };

	const json = (response, status, body, headers = {}) => {
		response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
		response.end(JSON.stringify(body));
	};
	server.problem = (response, status, code, extra = {}, headers = {}) => {
		response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
		response.end(JSON.stringify({ type: `urn:problem-type:locky:${code}`, status, detail: code, ...extra }));
	};
	const state = (resource) => {
		const held = grants.get(resource);
		return { resource, held: Boolean(held), own: held?.locker === 'ann', holder: held ? { locker: held.locker, fence: held.fence } : null };
	};
	server.grant = (resource, locker, page) => {
		grants.set(resource, { locker, fence: ++fence, page });
		return fence;
	};
	server.publish = (name, data) => streams.forEach((stream) => stream.write(`event:${name}\ndata:${JSON.stringify(data)}\n\n`));
	server.count = (path) => requests.filter((request) => request.path.startsWith(path)).length;

	const handlers = {
		'/locky/locks/acquire': (response, body) => {
			const held = grants.get(body.resource);
			if (held && held.page !== body.page) {
				server.problem(response, 423, 'locked', { ...state(body.resource).holder, own: held.locker === 'ann', resource: body.resource });
				return;
			}
			const granted = held?.fence ?? server.grant(body.resource, 'ann', body.page);
			json(response, 200, { resource: body.resource, locker: 'ann', fence: granted, ttl: body.ttl ?? server.ttl, heartbeat: server.ttl / 3 });
		},
		'/locky/locks/heartbeat': (response, body) => {
			if (grants.get(body.resource)?.fence === body.fence) {
				json(response, 200, { resource: body.resource, fence: body.fence, expiresIn: server.ttl });
			} else {
				server.problem(response, 409, 'grant-ended', { held: false, resource: body.resource });
			}
		},
		'/locky/locks/release': (response, body) => {
			if (grants.get(body.resource)?.fence === body.fence) {
				grants.delete(body.resource);
			}
			response.writeHead(204).end();
		},
		'/locky/locks/query': (response, body) => json(response, 200, { locks: body.resources.map(state) }),
		'/locky/events': (response) => {
			response.writeHead(200, { 'Content-Type': 'text/event-stream' });
			streams.add(response);
			response.on('close', () => streams.delete(response));
			response.write('retry:2000\nevent:ready\ndata:{"broadcast":true,"alive":15.0}\n\n');
		},
	};

	const http = createServer((request, response) => {
		let text = '';
		request.on('data', (chunk) => { text += chunk; });
		request.on('end', () => {
			const body = text && JSON.parse(text);
			const entry = { at: performance.now(), path: request.url, method: request.method, headers: request.headers, body };
			requests.push(entry);
			if (server.answer?.(entry, response)) {
				return;
			}
			const handler = handlers[request.url] ?? (request.url.startsWith('/locky/locks?')
				? () => json(response, 200, state(new URL(request.url, 'http://x').searchParams.get('resource')))
				: () => response.writeHead(404).end());
			handler(response, body);
		});
	});
	await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
	server.base = `http://127.0.0.1:${http.address().port}/locky`;

	/** Counts a request as under way until what its answer leads to was sent, if that is sent at once. */
	server.fetch = async (url, init) => {
		underWay++;
		const end = () => setImmediate(() => { underWay--; });
		try {
			const response = await fetch(url, init);
			// The server knows the streams.
			response.headers.get('Content-Type') === 'text/event-stream' ? end() : response.clone().arrayBuffer().then(end, end);
			return response;
		} catch (error) {
			end();
			throw error;
		}
	};
	/** Waits until nothing is under way, a stream neither. */
	server.quiet = async () => {
		// What was begun just now is sent before that.
		await new Promise((resolve) => setImmediate(resolve));
		await until(() => underWay === 0 && streams.size === 0);
	};
	/** An answer that comes after the end of a test would lead to a request to the server of the next one. */
	server.close = async () => {
		try {
			await server.quiet();
		} finally {
			http.closeAllConnections();
			await new Promise((resolve) => http.close(resolve));
		}
	};
	return server;
}

export async function until(condition, what = condition) {
	for (const end = performance.now() + 15_000; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
		if (await condition()) {
			return;
		}
	}
	throw new Error(`It did not happen: ${what}`);
}
