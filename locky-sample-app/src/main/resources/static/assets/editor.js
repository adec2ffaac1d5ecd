// One article: the holder of its lock edits it, all others read it.

import { acquire, holder, takeOver, watch } from '/locky/locky.js';
import { activity } from './activity.js';
import { showDesk } from './desk.js';
import { keepFocus } from './focus.js';
import { say, unsay } from './message.js';
import { notifyThatItIsFree, onWish, setWish, wantsNotice } from './notify.js';
import { byId, call, element, get, me, setText, time } from './page.js';
import { askForReason } from './takeover.js';
import { UnsavedText } from './unsaved.js';

const OUTAGE = 'The newsroom is not responding. Retrying…';

const id = new URLSearchParams(location.search).get('id');
const resource = `article:${id}`;
const [form, title, text] = ['paper', 'title', 'text'].map(byId);

let article = await get(`/api/articles/${id}`);
let lock = null;        // the grant of this page, if it has one
let state = {};         // the state of the lock, as last read
let loggedOut = false;
let requests = 0;
let unwatch = () => {};

const all = await get('/api/articles');
const refreshActivity = activity(new Map(all.map((each) => [`article:${each.id}`, each.title])));
const unsaved = new UnsavedText(resource, { saved: () => article, goOn: continueWith });

const callbacks = {
	onTakenOver: lost,
	onLost: lost,
	onError: () => say(OUTAGE, { trouble: true }),
};

/** Acquires the lock, and then reads the text, which nobody else can change any more. */
async function edit(take) {
	try {
		lock = await take();
		article = await get(`/api/articles/${id}`);
		fill();
		say('');
		setWish(false);
	}
	catch (error) {
		if (error.code !== 'locked' && error.code !== 'grant-ended') {
			say(error.message, { trouble: true });
		}
	}
	await refresh();
	if (lock) {
		text.focus({ preventScroll: true });
	}
}

/** The lock is lost: keeps the unsaved text, and disables saving. */
async function lost({ reason, own, holder: winner }) {
	if (!lock) {
		return;
	}
	lock = null;
	loggedOut = reason === 'unauthenticated';
	if (isDirty()) {
		unsaved.keep(formText());
	}
	show({ resource, held: Boolean(winner), own, holder: winner });
	say(reasonOf(reason, own, winner), { trouble: true });
	// The new holder may have given a reason.
	const now = loggedOut ? null : await refresh();
	if (now && !lock) {
		say(reasonOf(reason, own, now.holder ?? winner), { trouble: true });
		await showText();
	}
}

function reasonOf(reason, own, winner) {
	if (own) {
		return 'You continued in another tab. This tab can no longer save.';
	}
	if (reason === 'takenover') {
		return `${winner?.locker ?? 'Somebody'} has taken over${winner?.note ? `: “${winner.note}”` : ''}. You can no longer save.`;
	}
	if (reason === 'left') {
		return 'You left this page, so the article was released.';
	}
	if (reason === 'unauthenticated') {
		return 'You have been logged out.';
	}
	return reason === 'unreachable' ? 'The newsroom could not be reached for too long. Your lock has expired.'
		: 'Your lock has ended. Nobody is editing the article now.';
}

async function save(event) {
	event.preventDefault();
	const draft = { ...formText(), fence: lock.fence };
	setText(byId('saved'), 'Saving…');
	try {
		article = await call('PUT', `/api/articles/${id}`, draft);
		say('');
		unsaved.forget();
		showSaved();
	}
	catch (error) {
		showSaved();
		if (error.status !== 423 && error.status !== 428 && error.status !== 409) {
			say(`Not saved. ${error.message}`, { trouble: true });
			return;
		}
		const now = await holder(resource);
		lost({ reason: now.held ? 'takenover' : 'ended', own: now.own, holder: now.holder });
	}
}

/** Puts a kept text into the form. What was in the form is kept in its place. */
async function continueWith(kept) {
	if (!lock) {
		await edit(() => state.own ? takeOver(resource, state.holder.fence, callbacks) : acquire(resource, callbacks));
	}
	if (lock) {
		const other = isDirty() && formText();
		unsaved.close();
		[title.value, text.value] = [kept.title, kept.text];
		if (other) {
			unsaved.keep(other);
		}
		say('');
		typed();
		text.focus();
	}
}

/** Reads who holds the lock. Of several answers, that of the latest request counts. */
async function refresh() {
	const number = ++requests;
	const now = await holder(resource).catch(() => null);
	if (now && number === requests) {
		unsay(OUTAGE);
		show(now);
	}
	return now;
}

/** Shows the saved text, unless this page edits. */
async function showText() {
	const news = await get(`/api/articles/${id}`);
	if (!lock) {
		article = news;
		fill();
	}
}

function show(now) {
	const freed = state.held && !state.mine && !now.held;
	state = { ...now, mine: Boolean(lock) };
	showDesk(state, lock);
	byId('take').hidden = !(state.held && !lock && (me.chief || state.own));
	byId('take').textContent = state.own ? 'Edit here instead' : 'Take over…';
	unsaved.show({ loggedOut, held: state.held && !lock, own: state.own });
	if (freed && wantsNotice()) {
		setWish(false);
		watchArticle();
		notifyThatItIsFree(article);
	}
	else if (freed && unsaved.isOpen) {
		say('The article is free again.');
	}
	grow();
	keepFocus(byId(byId('message').hidden ? 'desk' : 'message'));
}

function fill() {
	document.title = article.title;
	byId('section').textContent = article.section;
	byId('edited').textContent = article.title;
	title.value = article.title;
	text.value = article.text;
	byId('reading').replaceChildren(
		element('p', { class: 'section' }, article.section),
		element('h1', {}, article.title),
		...article.text.split(/\n\s*\n/).map((paragraph) => element('p', {}, paragraph)),
		element('p', { class: 'quiet' }, article.savedBy ? `Saved by ${article.savedBy} at ${time(article.savedAt)}` : ''));
	showSaved();
}

function formText() {
	return { title: title.value, text: text.value };
}

function isDirty() {
	return title.value !== article.title || text.value !== article.text;
}

function showSaved() {
	const saved = article.savedBy === me.name ? `Saved at ${time(article.savedAt)}` : '';
	setText(byId('saved'), isDirty() ? 'Unsaved changes' : saved);
}

function typed() {
	showSaved();
	grow();
}

function grow() {
	text.style.height = 'auto';
	text.style.height = `${text.scrollHeight + 2}px`;
}

/** In a hidden tab too, if the user wants to be notified. */
function watchArticle() {
	unwatch();
	unwatch = watch([resource], async () => {
		refreshActivity();
		if (!lock) {
			// An event has neither the note nor the rest of the lease.
			await refresh();
			await showText();
		}
	}, { hidden: wantsNotice() });
}

/** Takes over from another tab of the user at once, and from others with a reason. */
async function take() {
	const from = state.holder;
	const note = state.own ? '' : await askForReason(from, get(`/api/articles/${id}`));
	if (note !== null) {
		await edit(() => takeOver(resource, from.fence, { ...callbacks, ...(note && { note }) }));
	}
}

form.addEventListener('submit', save);
form.addEventListener('input', typed);
byId('edit').addEventListener('click', () => edit(() => acquire(resource, callbacks)));
byId('take').addEventListener('click', take);
byId('close').addEventListener('click', () => location.assign('/'));
onWish(watchArticle);
addEventListener('keydown', (event) => {
	if ((event.ctrlKey || event.metaKey) && event.key === 's') {
		event.preventDefault();
		lock && form.requestSubmit();
	}
});
addEventListener('beforeunload', (event) => lock && isDirty() && event.preventDefault());
addEventListener('loggedout', (event) => {
	lost({ reason: 'unauthenticated' });
	unsaved.isOpen && event.preventDefault();
});

fill();
const first = await refresh();
if (!first?.held) {
	await edit(() => acquire(resource, callbacks));
}
if (unsaved.restore()) {
	say('There is a text that you have not saved.');
	show(state);
}
watchArticle();
// Heartbeats are not events, so poll the remaining time of the holder.
setInterval(() => !document.hidden && state.held && refresh(), Math.max(1000, me.ttl * 150));
