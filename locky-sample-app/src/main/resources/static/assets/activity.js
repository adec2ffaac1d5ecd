// "Activity": what happened lately, on all instances.

import { element, get, me, time } from './page.js';

const ARTICLE = {
	acquired: (entry, title) => [person(entry.locker), ' opened ', title],
	takenover: (entry, title) => [person(entry.locker), ' took ', title, ' over from ', person(entry.previous, 'you')],
	released: (entry, title) => [person(entry.locker), ' closed ', title],
	expired: (entry, title) => [person(entry.locker), ' has gone silent: ', title, ' is free'],
	handoverrequested: (entry, title) => ['Somebody asks ', person(entry.locker, 'you'), ' for ', title],
	offered: (entry, title) => [title, ' was offered to ', person(entry.locker, 'you')],
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
	const text = (press ? PRESS : ARTICLE)[entry.what]?.(entry, subject);
	return text && element('li', { class: press ? 'press' : entry.what },
		element('span', { class: 'what' }, ...text),
		element('small', {}, time(entry.at), element('span', { class: 'technical' }, ` · from ${entry.origin}`)));
}

/** Shows the activity. Returns a function to call when there may be new entries. */
export function activity(titles) {
	let last = 0;
	let reading = Promise.resolve();
	const list = element('ol');
	document.querySelector('.strip').append(element('h2', { id: 'strip-title' }, 'Activity'),
		element('div', { class: 'entries', role: 'region', tabindex: '0', 'aria-labelledby': 'strip-title' }, list));

	async function read() {
		const entries = await get(`/api/journal?after=${last}`);
		entries.map((entry) => line(entry, titles)).forEach((made) => made && list.prepend(made));
		last = entries.at(-1)?.number ?? last;
		[...list.children].slice(60).forEach((old) => old.remove());
	}

	const refresh = () => (reading = reading.then(read).catch(() => {}));
	setInterval(() => document.hidden || refresh(), 2000);
	refresh();
	return refresh;
}
