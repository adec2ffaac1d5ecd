/*
 * Forms that lock what they edit, without JavaScript of one's own. Documented in docs/web.md.
 *
 *     <form data-locky-resource="article:12" data-locky-on="input">
 */

import { Fields } from './locky-fields.js';
import { acquire, adopt, takeOver, watch } from './locky.js';

const FORMS = 'form[data-locky-resource]';

/** The states in which another grant holds the lock, and those after which it makes sense to look who does. */
const HELD = new Set(['locked', 'own', 'takenover']);
const WATCHED = new Set([...HELD, 'ended', 'unreachable', 'left']);

const forms = new Map();

class LockedForm {

	#form;
	#fence;
	#lock = null;
	#acquiring = null;
	#fields;
	#state = null;
	#holder = null;
	#unwatch = null;
	#gone = new AbortController();

	constructor(form) {
		this.#form = form;
		this.#fields = new Fields(form);
		this.resource = form.dataset.lockyResource;
		this.#fence = this.#fenceField();
		const { signal } = this.#gone;
		form.addEventListener('submit', (event) => this.#onSubmit(event), { signal, capture: true });
		form.addEventListener('click', (event) => event.target.closest('[data-locky-takeover]') && this.#takeOver(), { signal });
		if (form.dataset.lockyOn === 'input') {
			this.#show('idle');
			form.addEventListener('input', () => this.#lock || this.#begin(), { signal });
		} else {
			this.#begin();
		}
	}

	/** The form was taken out of the page. */
	stop() {
		this.#gone.abort();
		this.#lock?.release().catch(() => {});
	}

	#fenceField() {
		const name = this.#form.dataset.lockyFence ?? 'fence';
		const found = this.#form.elements.namedItem(name);
		if (found) {
			return found;
		}
		const made = Object.assign(document.createElement('input'), { type: 'hidden', name, autocomplete: 'off' });
		this.#form.append(made);
		return made;
	}

	/** Acquires the lock, or continues the grant whose fence the server wrote into the form. */
	#begin() {
		const given = Number(this.#fence.value);
		return this.#take((options) => given ? adopt(this.resource, given, options) : acquire(this.resource, options));
	}

	#takeOver() {
		const fence = this.#holder?.fence;
		return fence && this.#take((options) => takeOver(this.resource, fence, options));
	}

	#take(how) {
		this.#acquiring ??= this.#takeOnce(how).finally(() => {
			this.#acquiring = null;
		});
		return this.#acquiring;
	}

	async #takeOnce(how) {
		this.#show('waiting');
		const { signal } = this.#gone;
		try {
			const { lockyNote: note } = this.#form.dataset;
			this.#lock = await how({ note, signal, onLost: (loss) => this.#onLost(loss.own ? 'own' : loss.reason, loss.holder) });
			this.#unwatch?.();
			this.#fence.value = this.#lock.fence;
			this.#fields.thaw();
			this.#show('mine');
		} catch (error) {
			if (!signal.aborted) {
				this.#onLost(error.code === 'locked' && error.own ? 'own' : error.code, error.holder);
			}
		}
	}

	/** The text stays, and can be copied. It may be out of date now, so the lock is not acquired again. */
	#onLost(state, holder) {
		this.#lock = null;
		this.#fence.value = '';
		this.#fields.freeze();
		this.#show(state, holder);
		this.#unwatch?.();
		this.#unwatch = WATCHED.has(state) && watch([this.resource], (now) => this.#onChange(now), { signal: this.#gone.signal });
	}

	#onChange({ held, own, holder }) {
		if (held) {
			// An event has no note.
			const same = this.#holder?.fence === holder.fence;
			this.#show(own ? 'own' : same ? this.#state : 'locked', { ...same && this.#holder, ...holder });
		} else if (HELD.has(this.#state)) {
			this.#show('free');
		}
	}

	/** Without the lock nothing is sent, neither by the browser nor by htmx. */
	#onSubmit(event) {
		if (this.#lock) {
			return;
		}
		event.preventDefault();
		event.stopImmediatePropagation();
		const begun = this.#acquiring ?? (this.#state === 'idle' ? this.#begin() : Promise.resolve());
		const { submitter } = event;
		begun.then(() => this.#lock && this.#form.requestSubmit(submitter));
	}

	#show(state, holder = null) {
		this.#state = state;
		this.#holder = holder;
		this.#form.dataset.lockyState = state;
		for (const place of this.#form.querySelectorAll('[data-locky-show]')) {
			place.hidden = !place.dataset.lockyShow.split(/\s+/).includes(state);
		}
		for (const place of this.#form.querySelectorAll('[data-locky-holder]')) {
			place.textContent = holder?.[place.dataset.lockyHolder || 'locker'] ?? '';
		}
		this.#form.dispatchEvent(new CustomEvent('locky', { bubbles: true, detail: { state, resource: this.resource, holder, fence: this.#lock?.fence ?? null } }));
	}

}

/** Locks for the forms inside of an element, and from now on for those that come and go there. Returns a function that stops it. */
export function lockForms(root = document) {
	const look = () => {
		for (const [form, locked] of forms) {
			if (!form.isConnected || form.dataset.lockyResource !== locked.resource) {
				locked.stop();
				forms.delete(form);
			}
		}
		root.querySelectorAll(FORMS).forEach((form) => forms.has(form) || forms.set(form, new LockedForm(form)));
	};
	const observer = new MutationObserver(look);
	observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-locky-resource'] });
	look();
	return () => observer.disconnect();
}

if (globalThis.document) {
	lockForms();
}
