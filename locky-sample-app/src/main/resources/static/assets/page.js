// Shared by both pages: the user, the masthead and the list of activity.

export const me = await get('/api/me');

/** Calls the JSON endpoints of the sample; throws an error unless the answer is a success. */
export async function call(method, url, body) {
	const headers = { Accept: 'application/json', 'X-XSRF-TOKEN': csrfToken() };
	if (body) {
		headers['Content-Type'] = 'application/json';
	}
	const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
	// An unsaved text stays on the page, whose user may log in in another tab.
	if (answer.status === 401 && !document.querySelector('.draft:not([hidden])')) {
		location.assign('/login.html');
	}
	const json = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : null;
	if (!answer.ok) {
		throw Object.assign(new Error(json?.detail ?? `${method} ${url}: ${answer.status}`), { status: answer.status });
	}
	return json;
}

export function get(url) {
	return call('GET', url);
}

function csrfToken() {
	return decodeURIComponent(document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/)?.[1] ?? '');
}

/** An element with attributes and children; text stays text. */
export function element(name, attributes = {}, ...children) {
	const made = document.createElement(name);
	Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
	made.append(...children);
	return made;
}

export function time(instant) {
	return new Date(instant).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** The face of a holder in a ring that closes as the lease runs out. */
export function face(who) {
	return element('span', { class: 'face', 'data-who': who }, who.slice(0, 1));
}

/** Moves a ring, and returns the seconds that are left. */
export function runDown(ring, deadline) {
	const left = Math.max(0, deadline - performance.now()) / 1000;
	ring.style.setProperty('--left', Math.min(1, left / me.ttl).toFixed(3));
	return Math.ceil(left);
}

export function deadlineOf(holder) {
	return performance.now() + (holder.expiresIn ?? me.ttl) * 1000;
}

function masthead() {
	const leave = element('button', { class: 'link' }, 'Log out');
	const form = element('form', { method: 'post', action: '/logout' },
		element('input', { type: 'hidden', name: '_csrf', value: csrfToken() }), leave);
	document.querySelector('.masthead').append(
		element('a', { class: 'brand', href: '/' }, 'The Newsroom'),
		element('span', { class: 'instance', title: 'The instance that serves this page' }, me.instance),
		element('span', { class: 'me' }, face(me.name), element('b', {}, me.name), me.chief ? ' (chief)' : ''),
		form);
}

const TEXTS = {
	acquired: (entry, title) => [person(entry.locker), ' opened ', title],
	takenover: (entry, title) => [person(entry.locker), ' took ', title, ' over from ', person(entry.previous, 'you')],
	released: (entry, title) => [person(entry.locker), ' closed ', title],
	expired: (entry, title) => [person(entry.locker), ' has gone silent: ', title, ' is free'],
};

const PRESS = {
	acquired: (entry, date) => [`The press is printing the ${date} edition`],
	released: (entry, date) => [`The ${date} edition is printed, once`],
	expired: (entry, date) => [`The press broke down during the ${date} edition`],
};

function person(name, you = 'You') {
	return element('b', {}, name === me.name ? you : name);
}

function line(entry, titles) {
	const press = entry.resource.startsWith('publish:');
	const subject = press ? entry.resource.slice(-5) : element('i', {}, titles.get(entry.resource) ?? entry.resource);
	const text = (press ? PRESS : TEXTS)[entry.what]?.(entry, subject) ?? [`${entry.resource}: ${entry.what}`];
	return element('li', { class: press ? 'press' : entry.what },
		element('span', { class: 'what' }, ...text),
		element('small', {}, `${new Date(entry.at).toLocaleTimeString()} · from ${entry.origin}`));
}

/** Shows the activity. Returns a function to call when there may be new entries. */
export function strip(titles) {
	let last = 0;
	let reading = Promise.resolve();
	const list = element('ol');
	document.querySelector('.strip').append(element('h2', { id: 'strip-title' }, 'Activity'),
		element('div', { role: 'log', 'aria-live': 'off', tabindex: '0', 'aria-labelledby': 'strip-title' }, list));

	async function read() {
		const entries = await get(`/api/journal?after=${last}`);
		entries.forEach((entry) => list.prepend(line(entry, titles)));
		last = entries.at(-1)?.number ?? last;
		[...list.children].slice(60).forEach((old) => old.remove());
	}

	const refresh = () => (reading = reading.then(read).catch(() => {}));
	setInterval(() => document.hidden || refresh(), 2000);
	refresh();
	return refresh;
}

masthead();
