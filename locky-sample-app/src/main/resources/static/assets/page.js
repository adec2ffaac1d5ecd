// Shared by all pages: the user, requests, elements, times, the masthead and the switch for technical details.

export const me = await get('/api/me');

/** Calls the JSON endpoints of the sample; throws an error unless the answer is a success. */
export async function call(method, url, body) {
	const headers = { Accept: 'application/json', 'X-XSRF-TOKEN': csrfToken() };
	if (body) {
		headers['Content-Type'] = 'application/json';
	}
	const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
	// The server sends a page without a session to the login, and then back. A page with an unsaved text stays.
	if (answer.status === 401 && dispatchEvent(new Event('loggedout', { cancelable: true }))) {
		location.reload();
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

export function byId(id) {
	return document.getElementById(id);
}

/** An element with attributes and children; text stays text. */
export function element(name, attributes = {}, ...children) {
	const made = document.createElement(name);
	Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
	made.append(...children);
	return made;
}

/** Sets a text only if it differs, because screen readers announce every change. */
export function setText(place, text) {
	if (place.textContent !== text) {
		place.textContent = text;
	}
}

/** The one format of times: 06:12, and with the day unless it is today. */
export function time(instant) {
	const at = new Date(instant);
	const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
	const day = at.toDateString() === new Date().toDateString() ? {} : { day: 'numeric', month: 'short' };
	return new Intl.DateTimeFormat('en-GB', { ...day, ...clock }).format(at);
}

/** How long something has lasted, in words. */
export function lasting(since) {
	const minutes = Math.floor((Date.now() - new Date(since)) / 60_000);
	const hours = Math.floor(minutes / 60);
	return minutes < 1 ? 'less than a minute' : minutes < 120 ? count(minutes, 'minute') : count(hours, 'hour');
}

export function count(number, word) {
	return `${number} ${word}${number === 1 ? '' : 's'}`;
}

export function face(who) {
	return element('span', { class: 'face', 'data-who': who, 'aria-hidden': 'true' }, who.slice(0, 1));
}

function masthead() {
	const token = element('input', { type: 'hidden', name: '_csrf' });
	const form = element('form', { method: 'post', action: '/logout' }, token, element('button', { class: 'link' }, 'Log out'));
	form.addEventListener('submit', () => (token.value = csrfToken()));
	document.querySelector('.masthead').append(
		element('a', { class: 'brand', href: '/' }, 'The Newsroom'),
		element('span', { class: 'instance technical', title: 'The instance that serves this page' }, me.instance),
		element('span', { class: 'me' }, face(me.name), element('b', {}, me.name),
			element('span', { class: 'wide' }, me.chief ? ' (chief)' : '')),
		form);
}

/** The switch for technical details, which the browser remembers. */
function footer() {
	const box = element('input', { type: 'checkbox', role: 'switch', id: 'details' });
	const apply = () => document.documentElement.toggleAttribute('data-technical', box.checked);
	box.checked = localStorage.getItem('technical details') === 'shown';
	box.addEventListener('change', () => {
		localStorage.setItem('technical details', box.checked ? 'shown' : 'hidden');
		apply();
	});
	apply();
	document.body.append(element('footer', { class: 'foot' }, element('label', {}, box, ' Show technical details')));
}

masthead();
footer();
