// The dialog of the chief: what a takeover means for the holder, and its reason.

import { byId, lasting, time } from './page.js';

/** Asks for a reason. Resolves to it, or to null. */
export function askForReason(holder, article) {
	const dialog = byId('takeover');
	const editing = `${holder.locker} has been editing for ${lasting(holder.since)}`;
	byId('takeover-text').textContent = `${editing}.`;
	article.then((saved) => (byId('takeover-text').textContent = `${editing}, and ${lastSave(holder, saved)}.`)).catch(() => {});
	byId('reason').value = '';
	dialog.returnValue = '';
	dialog.showModal();
	return new Promise((resolve) => {
		const answer = () => resolve(dialog.returnValue === 'take' ? byId('reason').value.trim() : null);
		dialog.addEventListener('close', answer, { once: true });
	});
}

function lastSave({ locker, since }, { savedBy, savedAt }) {
	const saved = savedBy === locker && new Date(savedAt) >= new Date(since);
	return saved ? `saved last at ${time(savedAt)}` : 'has not saved since';
}

byId('cancel').addEventListener('click', () => byId('takeover').close());
