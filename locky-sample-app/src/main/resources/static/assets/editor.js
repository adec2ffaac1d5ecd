// One article: the holder of its lock edits it, all others read it.

import { acquire, holder, takeOver, watch } from '/locky/locky.js';
import { call, deadlineOf, element, face, get, me, runDown, strip, time } from './page.js';

const id = new URLSearchParams(location.search).get('id');
const resource = `article:${id}`;
const $ = (name) => document.getElementById(name);
const [form, title, text, dialog] = [$('paper'), $('title'), $('text'), $('takeover')];

let article = await get(`/api/articles/${id}`);
let lock = null;        // the grant of this page, if it has one
let current = null;     // the holder of the lock, as last read
let own = false;        // whether that is the same user, in another tab
let deadline = 0;
let wantsNotice = false;
let requests = 0;
let unwatch = () => {};

const all = await get('/api/articles');
const refreshStrip = strip(new Map(all.map((each) => [`article:${each.id}`, each.title])));

const callbacks = {
	onTakenOver: lost,
	onLost: lost,
	onError: () => say('The newsroom is not responding. Retrying…'),
};

/** Acquires the lock, and then reads the text, which nobody else can change any more. */
async function edit(take) {
	try {
		lock = await take();
		article = await get(`/api/articles/${id}`);
		fill();
		say('');
		setWantsNotice(false);
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

/** The lock is lost: keeps the unsaved text, and disables saving. */
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
	// The new holder may have given a reason.
	const now = reason === 'unauthenticated' ? null : await refresh();
	if (now && !lock) {
		say(reasonOf(reason, ownTab, now.holder ?? winner), true);
		await showText();
	}
}

function reasonOf(reason, ownTab, winner) {
	if (ownTab) {
		return 'You continued in another tab. This tab can no longer save.';
	}
	if (reason === 'takenover') {
		return `${winner?.locker ?? 'Somebody'} has taken over${winner?.note ? `: “${winner.note}”` : ''}. You can no longer save.`;
	}
	if (reason === 'left') {
		return 'You left this page, so the article was released.';
	}
	if (reason === 'unauthenticated') {
		return 'You have been logged out. Log in in another tab, and then edit the article again here.';
	}
	return reason === 'unreachable' ? 'The newsroom could not be reached for too long. Your lock has expired.'
		: 'Your lock has ended. Nobody is editing the article now.';
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

/** Reads who holds the lock. Of several answers, that of the latest request counts. */
async function refresh() {
	const number = ++requests;
	const state = await holder(resource).catch(() => null);
	if (state && number === requests) {
		show(state);
	}
	return state;
}

/** Shows the saved text, unless this page edits. */
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
	if (wasHeld && !current && wantsNotice) {
		noticeThatItIsFree();
	}
	tick();
	grow();
}

/** Changes the sentence only if it differs, because screen readers announce every change. */
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
		return [element('b', {}, 'Nobody is editing.'), ' The article is free.'];
	}
	return [element('b', {}, state.own ? 'You' : current.locker), state.own ? ' are editing in another tab' : ' is editing',
		current.note ? `: “${current.note}”` : '.'];
}

function tick() {
	const left = current ? runDown($('ring'), deadline) : 0;
	$('more').textContent = !current ? 'Choose Edit to start.'
		: lock ? `Since ${time(current.since)}. It stays yours while this page is open.`
			: `Since ${time(current.since)}. Free in ${left} s, unless that page is still open.`;
}

function fill() {
	document.title = article.title;
	$('section').textContent = article.section;
	$('edited').textContent = article.title;
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

function setWantsNotice(wants) {
	if (wantsNotice !== wants) {
		wantsNotice = wants;
		watchArticle();
	}
	$('notify').setAttribute('aria-pressed', wants);
	$('notify').textContent = wants ? 'You will be notified' : 'Notify me when it is free';
	if (wants && globalThis.Notification?.permission === 'default') {
		Notification.requestPermission();
	}
}

function noticeThatItIsFree() {
	setWantsNotice(false);
	say(`“${article.title}” is free now.`);
	document.title = `Free: ${article.title}`;
	if (globalThis.Notification?.permission === 'granted') {
		new Notification('The Newsroom', { body: `“${article.title}” is free now.` });
	}
}

/** In a hidden tab too, if the user wants to be notified. */
function watchArticle() {
	unwatch();
	unwatch = watch([resource], async () => {
		refreshStrip();
		if (!lock) {
			// An event has neither the note nor the rest of the lease.
			await refresh();
			await showText();
		}
	}, { hidden: wantsNotice });
}

function askToTakeOver() {
	$('takeover-text').textContent = `${current.locker} is notified at once, keeps the unsaved text, and can no longer save it.`;
	$('reason').value = '';
	dialog.returnValue = '';
	dialog.showModal();
}

form.addEventListener('submit', save);
text.addEventListener('input', grow);
$('edit').addEventListener('click', () => edit(() => acquire(resource, callbacks)));
$('take').addEventListener('click', () => own ? edit(() => takeOver(resource, current.fence, callbacks)) : askToTakeOver());
$('cancel').addEventListener('click', () => dialog.close());
$('notify').addEventListener('click', () => setWantsNotice(!wantsNotice));
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

$('headline').href = `/articles/${id}/headline`;
fill();
const first = await refresh();
if (!first?.held) {
	await edit(() => acquire(resource, callbacks));
}
watchArticle();
setInterval(tick, 500);
// Heartbeats are not events, so poll the remaining time of the holder.
setInterval(() => !document.hidden && current && refresh(), Math.max(1000, me.ttl * 150));
