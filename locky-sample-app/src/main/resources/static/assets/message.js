// The one place for messages: a new message replaces the one before. Cards with buttons are parts of it.

import { byId } from './page.js';

/** Shows a message; an empty one takes the message away. */
export function say(words, { trouble = false, countdown = '' } = {}) {
	if (byId('notice').textContent !== words) {
		byId('notice').textContent = words;
	}
	byId('countdown').textContent = countdown;
	byId('message').classList.toggle('trouble', trouble);
	showMessage();
}

/** Takes a message away that is out of date, unless another one has replaced it. */
export function unsay(words) {
	if (byId('notice').textContent === words) {
		say('');
	}
}

/** Shows or hides a card. */
export function showCard(id, shown) {
	byId(id).hidden = !shown;
	showMessage();
}

function showMessage() {
	const message = byId('message');
	message.hidden = !byId('notice').textContent && !message.querySelector('.card:not([hidden])');
}
