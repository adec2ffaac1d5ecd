// One article: the holder of its lock edits it, all others read it. Each feature is in a file of its own. It is called when this
// page gets the lock (held), when that has ended (ended), and when anything changes (show).

import { acquire, holder, takeOver, watch } from '/locky/locky.js';
import { activity } from './activity.js';
import { asking } from './asking.js';
import { attention } from './attention.js';
import { showDesk } from './desk.js';
import { keepFocus } from './focus.js';
import { handText, takeHandedText } from './handing.js';
import { holds } from './holds.js';
import { line } from './line.js';
import { say, unsay } from './message.js';
import { notifyThatItIsFree, onWish, setWish, wantsNotice } from './notify.js';
import { byId, call, element, get, me, setText, time } from './page.js';
import { people } from './people.js';
import { askForReason } from './takeover.js';
import { typing } from './typing.js';
import { UnsavedTexts } from './unsaved.js';

const OUTAGE = 'The newsroom is not responding. Retrying…';

const id = new URLSearchParams(location.search).get('id');
const resource = `article:${id}`;
const [form, title, text] = ['paper', 'title', 'text'].map(byId);

let article = await get(`/api/articles/${id}`);
let lock = null;        // the grant of this page, if it has one
let read = null;        // the grant under which the page has read the article: only then it may be saved
let taking = false;     // whether the page is about to get the lock: what is typed meanwhile stays
let losing = Promise.resolve();
let state = {};         // the state of the lock, as last read
let away = null;        // the text of somebody who is away
let loggedOut = false;
let requests = 0;
let unwatch = () => {};

const callbacks = {
	onTakenOver: lost,
	onLost: lost,
	onError: () => say(OUTAGE, { trouble: true }),
};

/** What the features see of this page. */
const editor = {
	id, resource, callbacks, begin, refresh, pause, goOn, giveUp,
	acquire: () => acquire(resource, callbacks),
	changed: () => show(state),
	handText: () => isDirty() && handText(editor, formText()),
	keepFocus: () => keepFocus(byId('desk')),
	get lock() { return lock; },
	get isTaking() { return taking; },
	get state() { return state; },
	get article() { return article; },
};

const unsaved = new UnsavedTexts(editor, { goOn: continueWith });
const queue = line(editor);
const keystrokes = typing(editor);
const features = [attention(editor), asking(editor), queue, keystrokes, holds(editor),
	people(editor, { isWaiting: () => queue.isWaiting })];

// The lock

async function edit(take) {
	const before = formText();
	keystrokes.stop();
	taking = true;
	try {
		const begun = begin(await take(), { before });
		taking = false;
		await begun;
	}
	catch (error) {
		taking = false;
		if (error.code !== 'locked' && error.code !== 'grant-ended') {
			say(error.message, { trouble: true });
		}
		await refresh();
		show(state);
		if (error.code === 'locked' && !state.held && error.holder?.locker) {
			say(`${error.holder.locker} is next in line, and is offered the article now.`);
		}
	}
}

/** This page has the lock. Reads the text, which nobody else can change any more. What is typed meanwhile is kept from the start. */
async function begin(grant, { typed = false, before = formText() } = {}) {
	const touched = () => typed || !isSame(formText(), before);
	[lock, loggedOut] = [grant, false];
	keep();
	touched() && unsaved.save();
	let news;
	try {
		news = await get(`/api/articles/${id}`);
	}
	catch (error) {
		await giveBack(grant, error);
		return;
	}
	if (lock === grant) {
		await start(grant, news, touched());
	}
}

/** What was typed stays in the form, unless somebody saved the article before: then it is offered. */
async function start(grant, news, touched) {
	const stays = touched && news.lockFence === article.lockFence;
	stays || unsaved.stop();
	article = news;
	stays ? showSaved() : fill();
	stays || keep();
	say(touched && !stays ? 'Somebody has changed the article.' : '');
	setWish(false);
	hold(grant);
	await refresh();
	stays || text.focus({ preventScroll: true });
	const handed = await takeHandedText(editor);
	handed && unsaved.openHanded(handed.from, handed);
	touched && !stays && await unsaved.open();
	lock === grant && unsaved.show({ loggedOut, held: false });
}

/** From now on keeps what is typed; what was typed before is a draft of its own. */
function keep(continues = null) {
	unsaved.keep(lock, formText, { title: article.title, text: article.text }, continues);
}

function hold(grant) {
	read = grant;
	features.forEach((feature) => feature.held?.(grant));
}

/** Without the text there is nothing to edit. */
async function giveBack(grant, error) {
	if (lock === grant) {
		end();
		say(error.message, { trouble: true });
		await unsaved.stop();
		await unsaved.open();
		await grant.release().catch(() => {});
		await refresh();
		show(state);
	}
}

function isEditing() {
	return Boolean(lock) && read === lock;
}

/** The lock is lost. Resolves when the unsaved text is offered, also for those who report the loss after somebody else. */
function lost(loss) {
	if (lock) {
		losing = lose(loss);
	}
	return losing;
}

/** Keeps the unsaved text, and disables saving. */
async function lose({ reason, own, holder: winner }) {
	end();
	loggedOut = reason === 'unauthenticated';
	show({ resource, held: Boolean(winner), own, holder: winner });
	say(reasonOf(reason, own, winner), { trouble: true });
	await unsaved.stop();
	await unsaved.open();
	// The new holder may have given a reason.
	const now = loggedOut ? null : await refresh();
	if (now && !lock) {
		say(reasonOf(reason, own, now.holder ?? winner), { trouble: true });
		await showText().catch(() => {});
	}
	show(state);
}

/** The session has ended. The page stays if it has an unsaved text; otherwise the server sends it to the login. */
async function logOut() {
	loggedOut = true;
	away && await giveUp();
	await lost({ reason: 'unauthenticated' });
	if (unsaved.isOpen) {
		say(reasonOf('unauthenticated'), { trouble: true });
		show(state);
	}
	else {
		location.reload();
	}
}

function end() {
	lock = null;
	features.forEach((feature) => feature.ended?.());
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

/** The user is away, and the lock is released: the text stays in this page and in a draft. */
function pause() {
	away = formText();
	lock = null;
	unsaved.stop();
	refresh();
}

/** The user is back, and nobody has changed the article. */
function goOn(grant) {
	lock = grant;
	writeForm(away);
	away = null;
	keep();
	hold(grant);
	refresh();
}

/** The user is back too late. */
async function giveUp() {
	away = null;
	end();
	await unsaved.open();
	await refresh();
	await showText().catch(() => {});
}

// The text

async function save(event) {
	event.preventDefault();
	if (!isEditing()) {
		return;
	}
	const draft = { ...formText(), fence: lock.fence };
	setText(byId('saved'), 'Saving…');
	try {
		article = await call('PUT', `/api/articles/${id}`, draft);
		say('');
		showSaved();
		await unsaved.saved(draft, { title: article.title, text: article.text });
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

/** Puts a kept text into the form. What was in the form is a draft of its own. */
async function continueWith(kept, draft) {
	if (!lock) {
		await edit(() => state.own ? takeOver(resource, state.holder.fence, callbacks) : editor.acquire());
	}
	if (isEditing()) {
		keep(draft);
		writeForm(kept);
		say('');
		await unsaved.save();
		await unsaved.open({ except: draft });
		text.focus();
	}
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

/** Shows the saved text, unless this page edits. */
async function showText() {
	const news = await get(`/api/articles/${id}`);
	if (!lock && !away && !taking && !keystrokes.isBeginning) {
		article = news;
		fill();
	}
}

function formText() {
	return { title: title.value, text: text.value };
}

function writeForm(kept) {
	[title.value, text.value] = [kept.title, kept.text];
	typed();
}

function isDirty() {
	return !isSame(formText(), article);
}

function isSame(one, other) {
	return one.title === other.title && one.text === other.text;
}

function typed() {
	showSaved();
	grow();
}

function showSaved() {
	const saved = article.savedBy === me.name ? `Saved at ${time(article.savedAt)}` : '';
	setText(byId('saved'), isDirty() ? 'Unsaved changes' : saved);
}

function grow() {
	text.style.height = 'auto';
	text.style.height = `${text.scrollHeight + 2}px`;
}

// The state

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

function show(now) {
	if (lock ? !isEditing() : keystrokes.isBeginning) {
		return;
	}
	const ownBefore = state.own;
	const freed = state.held && !state.mine && !now.held;
	state = { ...now, mine: Boolean(lock) };
	showDesk(state, lock);
	byId('take').hidden = !(state.held && !lock && (me.chief || state.own));
	byId('take').textContent = state.own ? 'Edit here instead' : 'Take over…';
	unsaved.show({ loggedOut, held: state.held && !lock, own: state.own });
	features.forEach((feature) => feature.show?.(state));
	if (freed && wantsNotice()) {
		setWish(false);
		watchArticle();
		notifyThatItIsFree(article);
	}
	else if (freed && !ownBefore && unsaved.isOpen && !queue.isWaiting) {
		say('The article is free again.');
	}
	grow();
	keepFocus(byId(byId('message').hidden ? 'desk' : 'message'));
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
byId('edit').addEventListener('click', () => edit(editor.acquire));
byId('take').addEventListener('click', take);
byId('close').addEventListener('click', () => location.assign('/'));
onWish(watchArticle);
addEventListener('keydown', (event) => {
	if ((event.ctrlKey || event.metaKey) && event.key === 's') {
		event.preventDefault();
		isEditing() && form.requestSubmit();
	}
});
addEventListener('resize', grow);
addEventListener('beforeunload', (event) => lock && isDirty() && event.preventDefault());
addEventListener('loggedout', (event) => {
	event.preventDefault();
	logOut();
});

const all = await get('/api/articles');
const refreshActivity = activity(new Map(all.map((each) => [`article:${each.id}`, each.title])));
fill();
await refresh();
if (await unsaved.open()) {
	say('There is a text that you have not saved.');
	show(state);
}
watchArticle();
// Heartbeats are not events, so poll the remaining time of the holder.
setInterval(() => !document.hidden && (state.held || lock) && refresh(), Math.max(1000, me.ttl * 150));
