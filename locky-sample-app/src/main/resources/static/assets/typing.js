// Read first: the lock is taken with the first keystroke.

import { acquireOnInput } from '/locky/locky-attention.js';
import { say } from './message.js';
import { byId } from './page.js';

export function typing(editor) {
	let armed = null;
	let begun = false;

	function arm() {
		begun = false;
		const form = byId('paper');
		armed = acquireOnInput(form, editor.resource, {
			...editor.callbacks,
			onAcquired: (lock) => {
				disarm();
				editor.begin(lock, { typed: true });
			},
			onRefused: ({ error, restore, thaw }) => {
				thaw();
				restore();
				disarm();
				say(error.holder ? `${error.holder.locker} was faster.` : error.message, { trouble: true });
				editor.refresh();
			},
		});
		armed.promise.catch(() => {});
		form.addEventListener('input', () => (begun = true), { once: true, capture: true });
	}

	function disarm() {
		[armed, begun] = [null, false];
	}

	/** Unless a keystroke is on its way to the lock. */
	function stop() {
		if (armed && !begun) {
			armed.stop();
			disarm();
		}
	}

	return {
		stop,
		/** Whether a keystroke is on its way to the lock. */
		get isBeginning() {
			return begun && Boolean(armed);
		},
		show({ held }) {
			if (!held && !editor.lock && !editor.isTaking && !armed) {
				arm();
			}
			else if (held || editor.lock) {
				stop();
			}
		},
	};
}
