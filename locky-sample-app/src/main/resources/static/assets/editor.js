// One article: edited by who holds its lock, read by everybody else.

import { acquire, holder, takeOver, watch } from '/locky/locky.js';
import { call, deadlineOf, element, face, get, me, runDown, strip, time } from './page.js';

const id = new URLSearchParams(location.search).get('id');
const resource = `article:${id}`;
const $ = (name) => document.getElementById(name);
const [form, title, text, dialog] = [$('paper'), $('title'), $('text'), $('takeover')];

let article = await get(`/api/articles/${id}`);
let lock = null;        // the grant of this page, if it has one
let current = null;     // who holds the lock, as far as we know
let own = false;        // whether that is the same user, in another tab
let deadline = 0;
let wantsToBeTold = false;
let asked = 0;

const all = await get('/api/articles');
const refreshStrip = strip(new Map(all.map((each) => [`article:${each.id}`, each.title])));

const callbacks = {
	onTakenOver: lost,
	onLost: lost,
	onError: () => say('The newsroom does not answer. Trying again…'),
};

/** Takes the lock, and reads the text after that: nobody else can change it now. */
async function edit(take) {
	try {
		lock = await take();
		article = await get(`/api/articles/${id}`);
		fill();
		say('');
		wantToBeTold(false);
	}
	catch (error) {
		if (error.code !== 'locked' && error.code !== 'grant-ended') {
			say(error.message, true);
		}
	}
	await refresh();
	if (lock) {
		text.focus({ preventScroll: true });
	}
}

/** The lock is gone: what was typed is kept, and nothing can be saved. */
async function lost({ reason, own: ownTab, holder: winner }) {
	if (!lock) {
		return;
	}
	lock = null;
	if (isDirty()) {
		$('draft-text').value = `${title.value}\n\n${text.value}`;
		$('draft').hidden = false;
	}
	say(reasonOf(reason, ownTab, winner), true);
	show({ held: Boolean(winner), own: ownTab, holder: winner });
	// Who took it over may have said why.
	const now = await refresh();
	if (now && !lock) {
		say(reasonOf(reason, ownTab, now.holder ?? winner), true);
		await showText();
	}
}

function reasonOf(reason, ownTab, winner) {
	if (ownTab) {
		return 'You went on in another tab. This one cannot save any more.';
	}
	if (reason === 'takenover') {
		return `${winner?.locker ?? 'Somebody'} has taken over${winner?.note ? `: “${winner.note}”` : ''}. You cannot save any more.`;
	}
	if (reason === 'left') {
		return 'You had left this page, which gave the article back.';
	}
	return reason === 'unreachable' ? 'The newsroom could not be reached for too long. Your lock is over.'
		: 'Your lock has ended. Nobody holds the article now.';
}

async function save(event) {
	event.preventDefault();
	const draft = { title: title.value, text: text.value, fence: lock.fence };
	try {
		article = await call('PUT', `/api/articles/${id}`, draft);
		say(`Saved at ${time(article.savedAt)}.`);
	}
	catch (error) {
		if (error.status !== 423 && error.status !== 428 && error.status !== 409) {
			say(`Not saved. ${error.message}`, true);
			return;
		}
		const state = await holder(resource);
		lost({ reason: state.held ? 'takenover' : 'ended', own: state.own, holder: state.holder });
	}
}

/** Asks who holds the lock. Of several answers, the one that was asked for last counts. */
async function refresh() {
	const number = ++asked;
	const state = await holder(resource).catch(() => null);
	if (state && number === asked) {
		show(state);
	}
	return state;
}

/** What is in the database now, for who only reads. */
async function showText() {
	const news = await get(`/api/articles/${id}`);
	if (!lock) {
		article = news;
		fill();
	}
}

function show(state) {
	const wasHeld = Boolean(current);
	current = state.held ? state.holder : null;
	deadline = current ? deadlineOf(current) : 0;
	document.body.dataset.state = lock ? 'mine' : (current ? 'other' : 'free');
	sayWho(element('p', {}, ...sentence(state)));
	own = state.own;
	$('take').hidden = !(current && !lock && (me.chief || own));
	$('take').textContent = own ? 'Edit here instead' : 'Take over…';
	if (wasHeld && !current && wantsToBeTold) {
		tellThatItIsFree();
	}
	tick();
	grow();
}

/** Screen readers read it aloud when it changes, so it is left alone while it does not. */
function sayWho(words) {
	if ($('who').textContent !== words.textContent) {
		$('who').replaceChildren(...words.childNodes);
		$('ring').replaceChildren(...(current ? [face(current.locker)] : []));
	}
}

function sentence(state) {
	if (lock) {
		return [element('b', {}, 'You are editing.'), ' Nobody else can save.'];
	}
	if (!current) {
		return [element('b', {}, 'Nobody is editing.'), ' It is free.'];
	}
	return [element('b', {}, state.own ? 'You' : current.locker), state.own ? ' are editing in another tab' : ' is editing',
		current.note ? `: “${current.note}”` : '.'];
}

function tick() {
	const left = current ? runDown($('ring'), deadline) : 0;
	$('more').textContent = !current ? 'Open it before somebody else does.'
		: lock ? `Since ${time(current.since)}. Kept alive while this page is open.`
			: `Since ${time(current.since)}. Free in ${left} s, unless the page there is still open.`;
}

function fill() {
	document.title = article.title;
	$('section').textContent = article.section;
	title.value = article.title;
	text.value = article.text;
	$('reading').replaceChildren(
		element('p', { class: 'section' }, article.section),
		element('h1', {}, article.title),
		...article.text.split(/\n\s*\n/).map((paragraph) => element('p', {}, paragraph)),
		element('p', { class: 'quiet' }, article.savedBy ? `Saved by ${article.savedBy} at ${time(article.savedAt)}` : ''));
}

function grow() {
	text.style.height = 'auto';
	text.style.height = `${text.scrollHeight + 2}px`;
}

function isDirty() {
	return title.value !== article.title || text.value !== article.text;
}

function say(words, urgent = false) {
	$('notice').textContent = words;
	$('notice').hidden = !words;
	$('notice').classList.toggle('urgent', urgent);
}

function wantToBeTold(wants) {
	wantsToBeTold = wants;
	$('tell').setAttribute('aria-pressed', wants);
	$('tell').textContent = wants ? 'You will be told' : 'Tell me when it is free';
	if (wants && globalThis.Notification?.permission === 'default') {
		Notification.requestPermission();
	}
}

function tellThatItIsFree() {
	wantToBeTold(false);
	say(`“${article.title}” is free now.`);
	document.title = `Free: ${article.title}`;
	if (globalThis.Notification?.permission === 'granted') {
		new Notification('The Newsroom', { body: `“${article.title}” is free now.` });
	}
}

function askToTakeOver() {
	$('takeover-text').textContent = `${current.locker} is told at once, keeps the typed text, and cannot save it any more.`;
	$('reason').value = '';
	dialog.returnValue = '';
	dialog.showModal();
}

form.addEventListener('submit', save);
text.addEventListener('input', grow);
$('edit').addEventListener('click', () => edit(() => acquire(resource, callbacks)));
$('take').addEventListener('click', () => own ? edit(() => takeOver(resource, current.fence, callbacks)) : askToTakeOver());
$('cancel').addEventListener('click', () => dialog.close());
$('tell').addEventListener('click', () => wantToBeTold(!wantsToBeTold));
$('close').addEventListener('click', () => location.assign('/'));
$('copy').addEventListener('click', async () => {
	$('draft-text').select();
	await navigator.clipboard.writeText($('draft-text').value).catch(() => document.execCommand('copy'));
	$('copy').textContent = 'Copied';
});
dialog.addEventListener('close', () => {
	if (dialog.returnValue === 'take' && current) {
		edit(() => takeOver(resource, current.fence, { ...callbacks, note: $('reason').value.trim() }));
	}
});
addEventListener('keydown', (event) => {
	if ((event.ctrlKey || event.metaKey) && event.key === 's') {
		event.preventDefault();
		lock && form.requestSubmit();
	}
});
addEventListener('beforeunload', (event) => lock && isDirty() && event.preventDefault());

fill();
const first = await refresh();
if (!first?.held) {
	await edit(() => acquire(resource, callbacks));
}
watch([resource], async () => {
	refreshStrip();
	if (!lock) {
		// An event knows neither the note nor the rest of the lease.
		await refresh();
		await showText();
	}
});
setInterval(tick, 500);
// A heartbeat is no event: ask now and then how long the holder still has.
setInterval(() => !document.hidden && current && refresh(), Math.max(1000, me.ttl * 150));
