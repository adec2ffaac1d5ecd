// The desk above an article: who is editing, since when, and the last sign of life.

import { deadlineOf, isSilent, left, showLife, signOfLife } from './life.js';
import { byId, element, face, me, setText, time } from './page.js';

let shown = null;       // the holder, or null
let mine = false;       // whether this page holds the lock
let deadline = 0;

/** Shows the state of the lock. */
export function showDesk({ resource, held, own, holder }, lock) {
	shown = held ? holder : null;
	mine = Boolean(lock);
	deadline = shown ? deadlineOf(shown) : 0;
	document.body.dataset.state = mine ? 'mine' : (shown ? 'other' : 'free');
	const words = element('p', {}, ...sentence(own));
	if (byId('who').textContent !== words.textContent) {
		byId('who').replaceChildren(...words.childNodes);
		byId('ring').replaceChildren(...(shown ? [face(shown.locker)] : []));
	}
	byId('grant').textContent = [resource, ...(shown ? [`fence ${shown.fence}`] : []), `page from ${me.instance}`].join(' · ');
	tick();
}

function sentence(own) {
	if (mine) {
		return [element('b', {}, 'You are editing.'), element('span', { class: 'wide' }, ' Nobody else can save.')];
	}
	if (!shown) {
		return [element('b', {}, 'Nobody is editing.')];
	}
	return [element('b', {}, own ? 'You' : shown.locker), own ? ' are editing in another tab.' : ' is editing.'];
}

function tick() {
	document.body.classList.toggle('silent', Boolean(shown) && isSilent(deadline));
	showLife(byId('ring'), deadline);
	setText(byId('more'), more());
	setText(byId('lease'), shown ? `${left(deadline)} s of a lease of ${me.ttl} s are left. ` : '');
}

function more() {
	if (!shown) {
		return 'Just begin to type, or choose Edit.';
	}
	const life = shown.idleSince ? `away since ${time(shown.idleSince)}` : signOfLife(deadline);
	const parts = [`Since ${time(shown.since)}`, mine ? 'yours while this page is open' : life];
	return [...parts, ...(shown.note ? [`“${shown.note}”`] : [])].join(' · ');
}

setInterval(tick, 500);
