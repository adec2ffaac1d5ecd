// Ask for it: others ask the holder to let go, and she answers "now", "in five minutes" or "no, because…".

import { answer, ask, onAsked } from '/locky/locky-handover.js';
import { say, showCard } from './message.js';
import { byId, time } from './page.js';

export function asking(editor) {
	let asked = null;       // what this page has asked for
	let request = null;     // what this page is asked

	// Who asks

	async function send(note) {
		byId('ask').disabled = true;
		try {
			asked = await ask(editor.resource, {
				...editor.callbacks,
				...(note && { note }),
				onAnswer: showAnswer,
				onGranted: (lock) => {
					asked = null;
					editor.begin(lock);
				},
				onEnded: () => {
					asked = null;
					say('Somebody else was given the article.', { trouble: true });
					editor.refresh();
				},
			});
			if (!editor.lock) {
				say(`You have asked ${editor.state.holder?.locker ?? 'the editor'} to let go.`);
			}
		}
		catch (error) {
			say(error.message, { trouble: true });
		}
		byId('ask').disabled = false;
		editor.refresh();
	}

	function showAnswer({ answer: given, reason, claimableAt }) {
		const holder = editor.state.holder?.locker ?? 'The editor';
		if (given === 'later') {
			say(`${holder} will let go at ${time(claimableAt)}. The article is then yours.`);
		}
		if (given === 'no') {
			say(`${holder} keeps it${reason ? `: “${reason}”` : '.'}`, { trouble: true });
		}
	}

	async function withdraw() {
		const before = asked;
		asked = null;
		await before?.withdraw().catch(() => {});
		say('');
		editor.refresh();
	}

	// Who is asked

	function showRequest(next) {
		request = next;
		const note = next?.note ? `: “${next.note}”` : '.';
		byId('asked-text').textContent = next ? `${next.locker} asks you to let go${note}` : '';
		byId('because').value = '';
		showCard('asked', Boolean(next));
	}

	async function reply(what) {
		const { id } = request;
		try {
			if (what === 'now') {
				await editor.handText();
			}
			await answer(editor.lock, { id }, what);
			showRequest(null);
		}
		catch (error) {
			say(error.message, { trouble: true });
		}
		editor.keepFocus();
	}

	byId('ask').addEventListener('click', () => {
		if (asked) {
			withdraw();
			return;
		}
		byId('ask-title').textContent = `Ask ${editor.state.holder.locker} to let go`;
		byId('ask-note').value = '';
		byId('ask-dialog').returnValue = '';
		byId('ask-dialog').showModal();
	});
	byId('ask-cancel').addEventListener('click', () => byId('ask-dialog').close());
	byId('ask-dialog').addEventListener('close', () => {
		byId('ask-dialog').returnValue === 'ask' && send(byId('ask-note').value.trim());
	});
	byId('now').addEventListener('click', () => reply('now'));
	byId('later').addEventListener('click', () => reply({ later: 300 }));
	byId('no').addEventListener('submit', (event) => {
		event.preventDefault();
		reply({ no: byId('because').value.trim() });
	});

	return {
		held(lock) {
			asked = null;
			onAsked(lock, showRequest, { onWithdrawn: ({ id }) => id === request?.id && showRequest(null) });
		},
		ended() {
			showRequest(null);
		},
		show({ held, own, holder }) {
			byId('ask').hidden = !held || own || Boolean(editor.lock);
			byId('ask').textContent = asked ? 'Do not ask any more' : `Ask ${holder?.locker} to let go`;
		},
	};
}
