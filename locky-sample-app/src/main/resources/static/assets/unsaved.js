// Drafts: what is typed is kept on this computer until it is saved. A card offers what was not saved: compare, continue, copy,
// discard. Several texts are kept apart, and no click alone loses one.

import { discard, drafts, keepDraft, removeAfterSave, undiscard } from '/locky/locky-drafts.js';
import { compare } from './compare.js';
import { showCard } from './message.js';
import { byId, element, me, setText, time } from './page.js';

export class UnsavedTexts {

	#editor;
	#drafts = [];
	#shown = 0;
	#keeper = null;
	#discarded = null;

	/** `goOn(text, id)` puts a text into the form, and continues the draft with that id. */
	constructor(editor, { goOn }) {
		this.#editor = editor;
		byId('compare').addEventListener('click', () => this.#compare(byId('comparison').hidden));
		byId('continue').addEventListener('click', () => goOn(this.#draft.value, this.#draft.id));
		byId('copy').addEventListener('click', () => this.#copy());
		byId('discard').addEventListener('click', () => this.#discard());
		byId('undo').addEventListener('click', () => this.#undo());
		byId('next').addEventListener('click', () => this.#show(this.#shown + 1));
		byId('login').addEventListener('click', () => location.reload());
	}

	get isOpen() {
		return !byId('kept').hidden;
	}

	get #draft() {
		return this.#drafts[this.#shown % this.#drafts.length];
	}

	/** From now on keeps what is typed under this grant. */
	keep(lock, read, base, continues = null) {
		this.#keeper?.stop();
		this.#keeper = keepDraft(lock.resource, lock.fence, { user: me.name, read, base, continues, target: byId('paper') });
	}

	/** Keeps what is there. */
	async save() {
		await this.#keeper?.save();
	}

	/** Keeps what is there, and no more. */
	async stop() {
		const keeper = this.#keeper;
		this.#keeper = null;
		await keeper?.stop();
	}

	async saved({ fence }, value) {
		await removeAfterSave(this.#editor.resource, fence, { value, all: true });
	}

	/** Opens the card if there are texts that are neither saved nor in the form. */
	async open({ except } = {}) {
		const { title, text } = this.#editor.article;
		const all = await drafts(this.#editor.resource, { user: me.name });
		const handed = this.#drafts.filter(({ from }) => from);
		this.#drafts = [...handed, ...all].filter(({ id, value }) => id !== except && id !== this.#keeper?.id
			&& (value.title !== title || value.text !== text));
		this.#show(0);
		return this.isOpen;
	}

	/** Opens the card for a text that somebody else has handed over. */
	openHanded(from, value) {
		this.#drafts = [{ id: null, from, value, savedAt: Date.now() }, ...this.#drafts];
		this.#show(0);
	}

	#show(number) {
		this.#shown = number;
		const draft = this.#drafts.length > 0 ? this.#draft : null;
		if (draft) {
			setText(byId('kept-text'), draft.from ? `${draft.from} has left you an unsaved text.`
				: `Your text of ${time(draft.savedAt)} is not saved, but kept on this computer.`);
			byId('copy').textContent = 'Copy';
			byId('next').hidden = this.#drafts.length < 2;
			byId('next').textContent = `Next of ${this.#drafts.length}`;
			this.#compare(false);
		}
		byId('texts').hidden = !draft;
		byId('discarded').hidden = !this.#discarded;
		showCard('kept', Boolean(draft || this.#discarded));
	}

	/** Shows what the user can do: log in, wait until the article is free, or continue. */
	show({ loggedOut, held, own }) {
		byId('login').hidden = !loggedOut;
		byId('continue').hidden = loggedOut;
		byId('continue').disabled = held && !own;
		setText(byId('continue'), held && !own ? 'Continue when it is free' : 'Continue with it');
	}

	/** Closes the card; the texts are kept until they are saved or discarded. */
	close() {
		[this.#drafts, this.#discarded] = [[], null];
		this.#show(0);
	}

	async #discard() {
		const { id } = this.#draft;
		this.#discarded = this.#draft;
		this.#drafts = this.#drafts.filter((draft) => draft.id !== id);
		id && await discard(id);
		this.#show(0);
		byId('undo').focus();
	}

	async #undo() {
		const draft = this.#discarded;
		this.#discarded = null;
		draft.id && await undiscard(draft.id);
		this.#drafts = [draft, ...this.#drafts];
		this.#show(0);
		byId('compare').focus();
	}

	#compare(open) {
		byId('comparison').hidden = !open;
		byId('compare').setAttribute('aria-expanded', open);
		if (open) {
			const pieces = compare(whole(this.#editor.article), whole(this.#draft.value));
			byId('pieces').replaceChildren(...pieces.map(([kind, text]) => kind === 'same' ? text : element(kind, {}, text)));
		}
	}

	async #copy() {
		try {
			await navigator.clipboard.writeText(whole(this.#draft.value));
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
