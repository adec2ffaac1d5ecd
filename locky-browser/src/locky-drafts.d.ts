import type { Lock, Loss } from './locky.js';

/** What was typed and not saved. */
export interface Draft<T = string> {
	readonly id: string;
	readonly resource: string;
	/** The fence of the grant under which it was typed. */
	readonly fence: number;
	/** Milliseconds, by the clock of this computer. */
	readonly savedAt: number;
	readonly value: T;
	/** What the page began with. */
	readonly base: T;
}

export interface KeepOptions<T> {
	/** Whose drafts these are: those of other users are not shown. */
	user: string | number;
	/** Returns what is in the fields now: a text, or what JSON can be made of. */
	read: () => T;
	/** What was read from the server; by default what `read` returns at first, or for a draft that is continued `null`. */
	base?: T;
	/** Where input is noticed: the document by default. */
	target?: EventTarget | null;
	/** The id of a draft that the user continues: it is replaced from now on. */
	continues?: string | null;
	/** The text can only be kept as long as the page is open: there is no IndexedDB, or it is full. */
	onMemory?: (error: unknown) => void;
}

export interface Keeper {
	readonly id: string;
	/** Keeps the text now. */
	save(): Promise<void>;
	/** Keeps what is not kept yet, and ends. */
	stop(): Promise<void>;
}

/** Keeps what is typed soon after each input, and when the page is hidden or left. What equals the base is no draft. */
export function keepDraft<T = string>(resource: string, fence: number, options: KeepOptions<T>): Keeper;

/** Returns the drafts of a user, the newest first. */
export function drafts<T = string>(resource: string, options: { user: string | number }): Promise<Draft<T>[]>;

/** Removes a draft, and returns whether it was there. It can be taken back for ten minutes. */
export function discard(id: string): Promise<boolean>;

/** Takes a draft back, and returns whether it is there again. */
export function undiscard(id: string): Promise<boolean>;

/**
 * Removes what this page, or with `all` any page, kept under a grant, after the value was saved (by default what is there now).
 * Returns the ids, to be taken back for ten minutes.
 */
export function removeAfterSave(resource: string, fence: number, options?: { value?: unknown; all?: boolean }): Promise<string[]>;

export interface Handed<T> {
	resource: string;
	fence: number;
	value: T;
	base: T;
}

export interface OfferOptions<T> {
	read: () => T;
	base?: T;
	/** Sends the text to the application. The loss is null if nothing was lost. */
	send: (draft: Handed<T>, loss: Loss | null) => unknown;
	onError?: (error: unknown) => void;
}

/** Hands unsaved text on when the lock is taken over. */
export function offerDraft<T = string>(lock: Lock, options: OfferOptions<T>): {
	/** Hands it on now, and returns whether there was something unsaved. */
	send(): Promise<boolean>;
	stop(): void;
};

export interface Part {
	/** In both, only in the draft, only in the current text. */
	kind: 'same' | 'mine' | 'theirs';
	/** One or more lines. */
	text: string;
}

/** Compares a draft, or a text, with the current text, line by line. */
export function compare(draft: string | { readonly value: string }, current: string): Part[];

/** What keeps drafts. */
export interface DraftStore {
	put(draft: StoredDraft): Promise<unknown>;
	get(id: string): Promise<StoredDraft | undefined>;
	remove(id: string): Promise<unknown>;
	/** Those of a resource, or of all resources. */
	all(resource: string | undefined): Promise<StoredDraft[]>;
}

export interface StoredDraft extends Draft<unknown> {
	readonly user: string;
	readonly page: string;
	readonly discardedAt: number | null;
}

/** Keeps drafts somewhere else than in IndexedDB, or there again with null. */
export function useDraftStore(store: DraftStore | null): void;
