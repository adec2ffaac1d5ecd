// The one place for messages: a new message replaces the one before.

import { byId } from './page.js';

/** Shows a message; an empty one takes the message away. The card for an unsaved text stays. */
export function say(words, { trouble = false } = {}) {
	byId('notice').textContent = words;
	byId('message').hidden = !words && byId('kept').hidden;
	byId('message').classList.toggle('trouble', trouble);
}

/** Takes a message away that is out of date, unless another one has replaced it. */
export function unsay(words) {
	if (byId('notice').textContent === words) {
		say('');
	}
}
