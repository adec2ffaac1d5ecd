// Attention: who has done nothing for a while is asked, gives the article back, and gets it again if nobody has changed it.

import { watchAttention } from '/locky/locky-attention.js';
import { say, unsay } from './message.js';
import { count, get, me } from './page.js';

const ASKING = 'Are you still there?';

export function attention(editor) {
	let watching = null;

	return {
		held(lock) {
			watching?.stop();
			watching = watchAttention(lock, {
				idleAfter: me.idleAfter,
				grace: me.grace,
				onIdle: ({ secondsLeft }) => say(ASKING, { trouble: true, countdown: `The article will be free in ${secondsLeft} s.` }),
				onActive: () => unsay(ASKING),
				onReleased: () => {
					editor.pause();
					say('You were away, so the article is free. Move the mouse or press a key to go on.', { trouble: true });
				},
				resume: editor.acquire,
				lastFence: async () => (await get(`/api/articles/${editor.id}`)).lockFence,
				onBack: ({ unchanged, lock, holder }) => {
					if (unchanged) {
						editor.goOn(lock);
						say('Welcome back. Nobody has changed the article.');
						return;
					}
					watching = null;
					editor.giveUp();
					say(holder ? `While you were away, ${holder.locker} began to edit.`
						: 'While you were away, somebody changed the article.', { trouble: true });
				},
			});
		},
		ended() {
			watching?.stop();
			watching = null;
		},
	};
}
