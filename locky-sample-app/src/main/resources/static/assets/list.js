// The list of articles, with a live view of who edits which.

import { holders, watch } from '/locky/locky.js';
import { onEvent } from '/locky/locky-live.js';
import { activity } from './activity.js';
import { deadlineOf, left, showLife, signOfLife } from './life.js';
import { byId, count, element, face, get, me, setText, time } from './page.js';
import { showPeople } from './people.js';

const rows = new Map();
let received = 0;
let live = true;
const articles = await get('/api/articles');
const resources = articles.map((article) => `article:${article.id}`);
const refreshActivity = activity(new Map(articles.map((article) => [`article:${article.id}`, article.title])));

function row(article) {
	const made = element('li', { 'data-resource': `article:${article.id}` },
		element('a', { href: `/article.html?id=${article.id}` },
			element('span', { class: 'section' }, article.section),
			element('span', { class: 'title' }),
			element('span', { class: 'excerpt' }),
			element('span', { class: 'saved quiet' })),
		element('ul', { class: 'people', 'aria-label': 'Who is here', hidden: '' }),
		element('div', { class: 'holder' }));
	show(made, article);
	return made;
}

function show(made, article) {
	made.querySelector('.title').textContent = article.title;
	made.querySelector('.excerpt').textContent = article.text.split('\n')[0];
	made.querySelector('.saved').textContent = article.savedBy ? `Saved by ${article.savedBy} at ${time(article.savedAt)}` : '';
}

function paint(state) {
	const made = rows.get(state.resource);
	const holder = state.held ? state.holder : null;
	const changed = made.fence !== (holder?.fence ?? 0);
	made.deadline = holder && deadlineOf(holder);
	if (!changed) {
		return;
	}
	made.fence = holder?.fence ?? 0;
	made.dataset.holder = holder?.locker ?? '';
	made.classList.toggle('own', state.own);
	made.querySelector('.holder').replaceChildren(...(holder ? badge(holder, state.own) : []));
	tick();
}

function badge(holder, own) {
	return [
		element('span', { class: 'ring' }, face(holder.locker)),
		element('span', { class: 'holding' },
			element('b', {}, own ? 'You' : holder.locker), own ? ' are editing' : ' is editing',
			element('small', {}, `since ${time(holder.since)} · `, element('span', { class: 'life' })),
			element('small', { class: 'technical' }, `fence ${holder.fence}, `, element('span', { class: 'lease' }))),
	];
}

function tick() {
	let held = 0;
	rows.forEach((made) => {
		if (made.deadline) {
			held++;
			showLife(made.querySelector('.ring'), made.deadline);
			setText(made.querySelector('.life'), signOfLife(made.deadline));
			setText(made.querySelector('.lease'), `${left(made.deadline)} s left`);
		}
	});
	const summary = held ? `${held} of ${count(rows.size, 'article')} ${held === 1 ? 'is' : 'are'} being edited.`
		: 'Nobody is editing. Open an article to start.';
	setText(byId('summary'), live ? summary : `${summary} Changes show up with a delay.`);
	byId('summary').classList.toggle('trouble', !live);
}

/** Those who read or wait; who edits is shown anyway. */
async function readPeople(resource) {
	const { people } = await get(`/locky/presence?${new URLSearchParams({ resource })}`);
	showPeople(rows.get(resource).querySelector('.people'), people.filter(({ state }) => state !== 'editing'));
}

async function readTexts() {
	(await get('/api/articles')).forEach((article) => show(rows.get(`article:${article.id}`), article));
}

articles.forEach((article) => rows.set(`article:${article.id}`, row(article)));
byId('articles').replaceChildren(...rows.values());
watch(resources, (state) => {
	received++;
	paint(state);
	refreshActivity();
	if (!state.held) {
		readTexts().catch(() => {});
	}
}, {
	onLive: (now) => {
		live = now;
		tick();
	},
});
const readAllPeople = () => document.hidden || resources.forEach((resource) => readPeople(resource).catch(() => {}));
onEvent((name, event) => name === 'presence' && rows.has(event.resource) && readPeople(event.resource).catch(() => {}));
readAllPeople();
setInterval(readAllPeople, 15_000);
setInterval(tick, 500);
// Heartbeats are not events, so poll the remaining time of the others. Events that arrive meanwhile are newer.
setInterval(async () => {
	const before = received;
	if (!document.hidden && [...rows.values()].some((made) => made.deadline)) {
		const states = await holders(resources).catch(() => new Map());
		states.forEach((state) => before === received && paint(state));
	}
}, Math.max(1000, me.ttl * 150));
