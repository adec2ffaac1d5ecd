// The card for a text that was not saved: compare, continue, copy. The text outlives a reload and a login of the same user.

import { compare } from './compare.js';
import { byId, element, me, setText, time } from './page.js';

export class UnsavedText {

	#place;
	#saved;
	#text = null;

	/** `saved()` returns the saved article, and `goOn(text)` puts a text into the form. */
	constructor(resource, { saved, goOn }) {
		this.#place = `unsaved text of ${me.name} for ${resource}`;
		this.#saved = saved;
		byId('compare').addEventListener('click', () => this.#compare(byId('comparison').hidden));
		byId('continue').addEventListener('click', () => goOn(this.#text));
		byId('copy').addEventListener('click', () => this.#copy());
		byId('login').addEventListener('click', (event) => {
			event.preventDefault();
			location.reload();
		});
	}

	get isOpen() {
		return Boolean(this.#text);
	}

	/** Opens the card for a text of before, if there is one that differs from the saved one. */
	restore() {
		const text = JSON.parse(sessionStorage.getItem(this.#place));
		const saved = this.#saved();
		if (text && (text.title !== saved.title || text.text !== saved.text)) {
			this.#open(text);
		}
		return this.isOpen;
	}

	keep({ title, text }) {
		const kept = { title, text, at: new Date().toISOString() };
		sessionStorage.setItem(this.#place, JSON.stringify(kept));
		this.#open(kept);
	}

	#open(text) {
		this.#text = text;
		byId('kept-text').textContent = `Your text of ${time(text.at)} is not saved, but kept on this computer.`;
		byId('copy').textContent = 'Copy';
		byId('kept').hidden = false;
		byId('message').hidden = false;
		this.#compare(false);
	}

	/** Shows what the user can do: log in, wait until the article is free, or continue. */
	show({ loggedOut, held, own }) {
		byId('login').hidden = !loggedOut;
		byId('continue').hidden = loggedOut;
		byId('continue').disabled = held && !own;
		setText(byId('continue'), held && !own ? 'Continue when it is free' : 'Continue with it');
	}

	/** Closes the card; the text is kept until it is saved. */
	close() {
		this.#text = null;
		byId('kept').hidden = true;
	}

	forget() {
		sessionStorage.removeItem(this.#place);
		this.close();
	}

	#compare(open) {
		byId('comparison').hidden = !open;
		byId('compare').setAttribute('aria-expanded', open);
		if (open) {
			const pieces = compare(whole(this.#saved()), whole(this.#text));
			byId('pieces').replaceChildren(...pieces.map(([kind, text]) => kind === 'same' ? text : element(kind, {}, text)));
		}
	}

	async #copy() {
		try {
			await navigator.clipboard.writeText(whole(this.#text));
			byId('copy').textContent = 'Copied';
		}
		catch {
			this.#compare(true);
			byId('copy').textContent = 'Not allowed here: select it below';
		}
	}

}

function whole({ title, text }) {
	return `${title}\n\n${text}`;
}
