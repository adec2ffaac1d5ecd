// "Notify me when it is free".

import { byId } from './page.js';
import { say } from './message.js';

let wanted = false;

export function wantsNotice() {
	return wanted;
}

/** Calls back when the wish changes. */
export function onWish(changed) {
	byId('notify').addEventListener('click', () => {
		setWish(!wanted);
		changed();
	});
}

export function setWish(wish) {
	wanted = wish;
	byId('notify').setAttribute('aria-pressed', wish);
	byId('notify').textContent = wish ? 'You will be notified' : 'Notify me when it is free';
	if (wish && globalThis.Notification?.permission === 'default') {
		Notification.requestPermission();
	}
}

export function notifyThatItIsFree({ title }) {
	say(`“${title}” is free now.`);
	document.title = `Free: ${title}`;
	if (globalThis.Notification?.permission === 'granted') {
		new Notification('The Newsroom', { body: `“${title}” is free now.` });
	}
}
