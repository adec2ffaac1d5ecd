/*
 * What was typed and not saved, kept in this browser. Documented in docs/people-drafts.md.
 *
 * A draft belongs to a user, a resource and the grant under which it was typed. Each page writes drafts of its own, so that none
 * replaces what another page, or this one before a crash, has kept. Whatever is removed can be taken back for ten minutes.
 */

import { call, scope } from './locky-http.js';

const SOON = 300;
const UNDO = 10 * 60_000;
const LONGEST = 30 * 24 * 3600_000;
const MOST = 20;

const page = globalThis.document;
const me = newId();

function newId() {
	return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36).padStart(2, '0')).join('');
}

function same(one, other) {
	return one === other || JSON.stringify(one) === JSON.stringify(other);
}

// Keeping

/**
 * Keeps what read() returns soon after each input, until stop(). What equals the base is no draft. Returns {id, save(), stop()}.
 */
export function keepDraft(resource, fence, { user, read, continues = null, base = continues === null ? read() : null, target = page, onMemory } = {}) {
	const draft = { id: continues ?? newId(), user: String(user), resource, fence, page: me, base, value: base, discardedAt: null };
	let timer = null;
	let kept = continues !== null;
	let stopped = false;
	const save = async ({ leaving = false } = {}) => {
		clearTimeout(timer);
		timer = null;
		draft.value = read();
		if (same(draft.value, draft.base) && !kept) {
			return;
		}
		kept = true;
		draft.savedAt = Date.now();
		// What was removed meanwhile, after a save, begins again.
		draft.discardedAt = same(draft.value, draft.base) ? draft.savedAt : null;
		leaving && keepAtOnce(draft);
		await write({ ...draft }, onMemory);
	};
	const saveNow = (how) => save(how).catch((error) => call(() => { throw error; }));
	const onInput = () => { timer ??= setTimeout(saveNow, SOON); };
	const onHide = () => { timer !== null && saveNow({ leaving: true }); };
	const keeper = {
		resource,
		fence,
		// What was typed while the application saved is a draft of its own.
		saved(value = read()) {
			[draft.base, kept, draft.id] = [value, false, newId()];
			onInput();
		},
	};
	keepers.add(keeper);
	target?.addEventListener('input', onInput, { capture: true });
	page?.addEventListener('visibilitychange', onHide);
	globalThis.addEventListener?.('pagehide', onHide);
	tidying ??= tidy().catch(() => {});
	return {
		get id() {
			return draft.id;
		},
		save,
		async stop() {
			if (stopped) {
				return;
			}
			stopped = true;
			keepers.delete(keeper);
			target?.removeEventListener('input', onInput, { capture: true });
			page?.removeEventListener('visibilitychange', onHide);
			globalThis.removeEventListener?.('pagehide', onHide);
			if (timer !== null) {
				await save();
			}
		},
	};
}

const keepers = new Set();
let tidying = null;

/** Returns the drafts of a user, the newest first. */
export async function drafts(resource, { user } = {}) {
	const now = Date.now();
	const kept = await all(resource, String(user));
	return kept.filter((draft) => draft.discardedAt === null && now - draft.savedAt < LONGEST)
		.sort((one, other) => other.savedAt - one.savedAt)
		.map(({ id, fence, savedAt, value, base }) => ({ id, resource, fence, savedAt, value, base }));
}

/** Removes a draft. It can be taken back for ten minutes. */
export function discard(id) {
	return mark(id, Date.now());
}

/** Takes a draft back. Returns whether it is there again. */
export function undiscard(id) {
	return mark(id, null);
}

async function mark(id, discardedAt) {
	const found = await get(id);
	if (!found || (discardedAt === null && found.discardedAt !== null && Date.now() - found.discardedAt > UNDO)) {
		return false;
	}
	await write({ ...found, discardedAt });
	return true;
}

/**
 * Removes what this page kept under a grant, after the value was saved (by default what read() returns now); with {all: true}
 * also what other pages kept under it. It can be taken back for ten minutes. Returns the ids.
 */
export async function removeAfterSave(resource, fence, { value, all: everything = false } = {}) {
	keepers.forEach((keeper) => keeper.resource === resource && keeper.fence === fence && keeper.saved(value));
	const saved = (await all(resource)).filter((draft) => draft.fence === fence && draft.discardedAt === null && (everything || draft.page === me));
	await Promise.all(saved.map((draft) => discard(draft.id)));
	return saved.map((draft) => draft.id);
}

/** Deletes what is too old, what was discarded a while ago, and the oldest where there are too many. */
async function tidy() {
	const now = Date.now();
	const counts = new Map();
	const known = await all();
	for (const draft of known.sort((one, other) => other.savedAt - one.savedAt)) {
		const isDiscarded = draft.discardedAt !== null;
		const place = JSON.stringify([draft.user, draft.resource]);
		isDiscarded || counts.set(place, (counts.get(place) ?? 0) + 1);
		if (now - draft.savedAt > LONGEST || (isDiscarded ? now - draft.discardedAt > UNDO : counts.get(place) > MOST)) {
			await remove(draft.id);
		}
	}
}

// Handing on

/**
 * When the lock is taken over, calls send({resource, fence, value, base}, loss), if there is something unsaved. Returns
 * {send(), stop()}: send() hands the text on now, for example before the lock is given away on request.
 */
export function offerDraft(lock, { read, base = read(), send, onError } = {}) {
	let stopped = false;
	const offer = async (loss) => {
		const value = read();
		if (stopped || same(value, base)) {
			return false;
		}
		await send({ resource: lock.resource, fence: lock.fence, value, base }, loss);
		return true;
	};
	lock._onLoss((loss) => {
		if (loss.reason === 'takenover') {
			offer(loss).catch((error) => call(onError, error));
		}
	});
	return {
		send: () => offer(null),
		stop() {
			stopped = true;
		},
	};
}

// Comparing

const LARGEST_TABLE = 4_000_000;

/**
 * Compares a draft, or a text, with the current text, line by line. Returns a list of {kind, text}: 'same' in both, 'mine' only
 * in the draft, 'theirs' only in the current text.
 */
export function compare(draft, current) {
	const mine = lines(typeof draft === 'string' ? draft : draft.value);
	const theirs = lines(current);
	let start = 0;
	while (start < mine.length && start < theirs.length && mine[start] === theirs[start]) {
		start++;
	}
	let end = 0;
	while (end < Math.min(mine.length, theirs.length) - start && mine.at(-1 - end) === theirs.at(-1 - end)) {
		end++;
	}
	const parts = [];
	const add = (kind, line) => parts.at(-1)?.kind === kind ? parts.at(-1).lines.push(line) : parts.push({ kind, lines: [line] });
	mine.slice(0, start).forEach((line) => add('same', line));
	between(mine.slice(start, mine.length - end), theirs.slice(start, theirs.length - end), add);
	mine.slice(mine.length - end).forEach((line) => add('same', line));
	return parts.map((part) => ({ kind: part.kind, text: part.lines.join('\n') }));
}

function lines(text) {
	return String(text).split(/\r\n?|\n/);
}

/** The longest common subsequence. Texts that are very long and differ throughout are not worth the time. */
function between(mine, theirs, add) {
	const width = theirs.length + 1;
	const isSmall = (mine.length + 1) * width <= LARGEST_TABLE;
	const common = isSmall ? new Uint32Array((mine.length + 1) * width) : null;
	for (let m = mine.length - 1; isSmall && m >= 0; m--) {
		for (let t = theirs.length - 1; t >= 0; t--) {
			common[m * width + t] = mine[m] === theirs[t] ? common[(m + 1) * width + t + 1] + 1
				: Math.max(common[(m + 1) * width + t], common[m * width + t + 1]);
		}
	}
	let [m, t] = [0, 0];
	while (isSmall && m < mine.length && t < theirs.length) {
		if (mine[m] === theirs[t]) {
			add('same', mine[m++]);
			t++;
		} else if (common[m * width + t + 1] >= common[(m + 1) * width + t]) {
			add('theirs', theirs[t++]);
		} else {
			add('mine', mine[m++]);
		}
	}
	theirs.slice(t).forEach((line) => add('theirs', line));
	mine.slice(m).forEach((line) => add('mine', line));
}

// Storing

/** Where drafts are while nothing else can keep them: as long as the page is open. */
const memory = new Map();

let store = null;

/** Keeps drafts somewhere else: put(draft), get(id), remove(id), all(resource or undefined), each with a promise. Null for IndexedDB. */
export function useDraftStore(other) {
	store = other;
}

function storage() {
	store ??= new IndexedDbStore(`locky drafts ${scope() ?? ''}`);
	return store;
}

async function write(draft, onMemory) {
	memory.set(draft.id, draft);
	try {
		await storage().put(draft);
		memory.get(draft.id) === draft && memory.delete(draft.id);
		forgetAtOnce(draft.id);
	} catch (error) {
		call(onMemory, error);
	}
}

async function remove(id) {
	memory.delete(id);
	forgetAtOnce(id);
	await storage().remove(id).catch(() => {});
}

async function get(id) {
	return memory.get(id) ?? storage().get(id).catch(() => undefined);
}

// A page that goes may take a write to the database with it, but not one that is done before it goes.

const AT_ONCE = 'locky-draft:';

// What was typed a little earlier, or kept by a last save, may still be on its way to the database.
const keepWhatIsOnItsWay = () => memory.forEach(keepAtOnce);
page?.addEventListener('visibilitychange', keepWhatIsOnItsWay);
globalThis.addEventListener?.('pagehide', keepWhatIsOnItsWay);

function keepAtOnce(draft) {
	try {
		globalThis.localStorage?.setItem(AT_ONCE + draft.id, JSON.stringify(draft));
	} catch {
		// There is no such storage, or it is full: the database may get it.
	}
}

function forgetAtOnce(id) {
	try {
		globalThis.localStorage?.removeItem(AT_ONCE + id);
	} catch {
		// There is none.
	}
}

function keptAtOnce() {
	try {
		return Object.entries(globalThis.localStorage ?? {})
			.filter(([key]) => key.startsWith(AT_ONCE))
			.map(([, draft]) => JSON.parse(draft));
	} catch {
		return [];
	}
}

async function takeOverKept() {
	for (const draft of keptAtOnce()) {
		const present = await get(draft.id);
		if (present && present.savedAt >= draft.savedAt) {
			forgetAtOnce(draft.id);
		} else {
			await write(draft);
		}
	}
}

async function all(resource, user) {
	await takeOverKept();
	const stored = await storage().all(resource).catch(() => []);
	const found = new Map([...stored, ...memory.values()].map((draft) => [draft.id, draft]));
	return [...found.values()].filter((draft) => (resource ?? draft.resource) === draft.resource && (user ?? draft.user) === draft.user);
}

class IndexedDbStore {

	#name;
	#opening = null;

	constructor(name) {
		this.#name = name;
	}

	put(draft) {
		return this.#run('readwrite', (drafts) => drafts.put(draft));
	}

	get(id) {
		return this.#run('readonly', (drafts) => drafts.get(id));
	}

	remove(id) {
		return this.#run('readwrite', (drafts) => drafts.delete(id));
	}

	all(resource) {
		return this.#run('readonly', (drafts) => resource === undefined ? drafts.getAll() : drafts.index('resource').getAll(resource));
	}

	async #run(mode, work) {
		const database = await this.#open();
		return new Promise((resolve, reject) => {
			const transaction = database.transaction('drafts', mode);
			const request = work(transaction.objectStore('drafts'));
			transaction.oncomplete = () => resolve(request.result);
			transaction.onabort = () => reject(transaction.error);
			// The page may be about to go.
			transaction.commit?.();
		});
	}

	#open() {
		this.#opening ??= new Promise((resolve, reject) => {
			const request = globalThis.indexedDB.open(this.#name, 1);
			// In some private windows it is there, and never answers.
			const limit = setTimeout(() => reject(new Error('IndexedDB does not answer')), 3000);
			request.onupgradeneeded = () => request.result.createObjectStore('drafts', { keyPath: 'id' }).createIndex('resource', 'resource');
			request.onerror = () => reject(request.error);
			request.onsuccess = () => {
				clearTimeout(limit);
				const forget = () => { this.#opening = null; };
				request.result.onclose = forget;
				request.result.onversionchange = () => {
					request.result.close();
					forget();
				};
				resolve(request.result);
			};
		}).catch((error) => {
			this.#opening = null;
			throw error;
		});
		return this.#opening;
	}

}
