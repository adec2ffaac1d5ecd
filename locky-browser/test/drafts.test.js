import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { compare, discard, drafts, keepDraft, offerDraft, removeAfterSave, undiscard, useDraftStore } from 'locky-browser/drafts';
import { until } from './server.js';

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class MemoryStore {

	kept = new Map();
	puts = 0;

	async put(draft) {
		this.puts++;
		this.kept.set(draft.id, structuredClone(draft));
	}

	async get(id) {
		return this.kept.get(id);
	}

	async remove(id) {
		this.kept.delete(id);
	}

	async all(resource) {
		return [...this.kept.values()].filter((draft) => resource === undefined || draft.resource === resource);
	}

}

let store;
let names = 0;
let resource;

beforeEach(() => {
	store = new MemoryStore();
	useDraftStore(store);
	resource = `article:${names++}`;
});

class Field extends EventTarget {

	constructor(text) {
		super();
		this.text = text;
	}

	types(text) {
		this.text = text;
		this.dispatchEvent(new Event('input'));
	}

	keep(fence, options) {
		return keepDraft(resource, fence, { user: 'ann', read: () => this.text, target: this, ...options });
	}

}

const texts = async (user = 'ann') => (await drafts(resource, { user })).map((draft) => draft.value);

test('what is typed is kept soon, and not with each key', async () => {
	const field = new Field('old');
	const keeper = field.keep(7);
	for (const text of ['n', 'ne', 'new']) {
		field.types(text);
		await later(20);
	}
	assert.equal(store.puts, 0);
	await until(async () => (await texts()).length === 1);
	const [draft] = await drafts(resource, { user: 'ann' });
	assert.deepEqual({ ...draft, savedAt: 0 }, { id: keeper.id, resource, fence: 7, savedAt: 0, value: 'new', base: 'old' });
	assert.ok(Date.now() - draft.savedAt < 10_000);
	assert.equal(store.puts, 1);
	field.types('newer');
	await keeper.stop();
	assert.deepEqual(await texts(), ['newer']);
	field.types('after the end');
	await later(400);
	assert.deepEqual(await texts(), ['newer']);
});

test('what equals the base is no draft', async () => {
	const field = new Field('old');
	const keeper = field.keep(7);
	await keeper.save();
	assert.equal(store.puts, 0);
	field.types('new');
	await keeper.save();
	field.types('old');
	await keeper.save();
	assert.deepEqual(await texts(), []);
	assert.equal(await undiscard(keeper.id), true);
});

test('drafts of several pages, grants and users are kept apart', async () => {
	for (const [fence, user, text] of [[7, 'ann', 'first'], [7, 'ann', 'second'], [8, 'ann', 'third'], [7, 'bob', 'fourth']]) {
		const field = new Field('old');
		const keeper = field.keep(fence, { user });
		field.types(text);
		await keeper.stop();
		await later(5);
	}
	assert.deepEqual(await texts(), ['third', 'second', 'first']);
	assert.deepEqual(await texts('bob'), ['fourth']);
	assert.deepEqual((await drafts('article:none', { user: 'ann' })), []);
});

test('a draft that is continued is replaced', async () => {
	const field = new Field('old');
	field.types('lost in a crash');
	const before = field.keep(7, { base: 'old' });
	await before.save();
	await before.stop();
	const [draft] = await drafts(resource, { user: 'ann' });
	const again = new Field('by others');
	const keeper = again.keep(9, { base: 'by others', continues: draft.id });
	again.types(`${draft.value}, and on`);
	await keeper.stop();
	assert.deepEqual((await drafts(resource, { user: 'ann' })).map(({ id, fence, value, base }) => ({ id, fence, value, base })),
		[{ id: draft.id, fence: 9, value: 'lost in a crash, and on', base: 'by others' }]);
});

test('a draft that is continued without a base is never dropped', async () => {
	const field = new Field('old');
	const before = field.keep(7);
	field.types('unsaved');
	await before.stop();
	const keeper = field.keep(8, { continues: before.id });
	await keeper.save();
	assert.deepEqual(await texts(), ['unsaved']);
	await keeper.stop();
});

test('a discarded draft can be taken back for ten minutes', async () => {
	const field = new Field('old');
	const keeper = field.keep(7);
	field.types('new');
	await keeper.stop();
	assert.equal(await discard(keeper.id), true);
	assert.deepEqual(await texts(), []);
	assert.equal(await undiscard(keeper.id), true);
	assert.deepEqual(await texts(), ['new']);
	await discard(keeper.id);
	store.kept.get(keeper.id).discardedAt -= 10 * 60_000 + 1;
	assert.equal(await undiscard(keeper.id), false);
	assert.equal(await discard('unknown'), false);
});

test('after a save, only that grant of this page has no drafts', async () => {
	const field = new Field('old');
	const keeper = field.keep(7);
	field.types('new');
	await keeper.save();
	const { id } = keeper;
	await store.put({ ...store.kept.get(id), id: 'crashed', page: 'another', value: 'crashed' });
	await store.put({ ...store.kept.get(id), id: 'earlier', fence: 6, value: 'earlier' });
	assert.deepEqual(await removeAfterSave(resource, 7, { value: 'new' }), [id]);
	await later(400);
	assert.deepEqual((await texts()).sort(), ['crashed', 'earlier']);
	field.types('newer');
	await keeper.save();
	assert.deepEqual((await texts()).sort(), ['crashed', 'earlier', 'newer']);
	assert.equal(store.kept.get(keeper.id).base, 'new');
	await removeAfterSave(resource, 7, { all: true });
	assert.deepEqual(await texts(), ['earlier']);
	assert.equal(await undiscard('crashed'), true);
	await keeper.stop();
});

test('what was typed during a save remains a draft', async () => {
	const field = new Field('old');
	const keeper = field.keep(7);
	field.types('saved');
	await keeper.save();
	field.types('saved, and typed on');
	await removeAfterSave(resource, 7, { value: 'saved' });
	await until(async () => (await texts()).join() === 'saved, and typed on');
	assert.equal((await drafts(resource, { user: 'ann' }))[0].base, 'saved');
	await keeper.stop();
});

test('old drafts, and too many, are deleted', async () => {
	const day = 24 * 3600_000;
	const draft = (id, age, more) => store.put({ id, user: 'ann', resource, fence: 1, page: 'x', value: id, base: '', savedAt: Date.now() - age, discardedAt: null, ...more });
	for (let i = 0; i < 25; i++) {
		await draft(`n${i}`, i * 1000);
	}
	await draft('discarded', 0, { discardedAt: Date.now() - 5 * 60_000 });
	await draft('gone', 0, { discardedAt: Date.now() - 11 * 60_000 });
	await draft('old', 31 * day, { resource: 'other' });
	await draft('young', 29 * day, { resource: 'other' });
	// Once for each page, so a module of its own.
	const fresh = await import('../src/locky-drafts.js?again');
	fresh.useDraftStore(store);
	fresh.keepDraft(resource, 1, { user: 'ann', read: () => '', target: null });
	await until(() => store.kept.size === 22);
	assert.deepEqual(['n0', 'n19', 'discarded', 'young'].filter((id) => !store.kept.has(id)), []);
});

test('without IndexedDB the page keeps the text, and says so', async () => {
	useDraftStore(null);
	const errors = [];
	const field = new Field('old');
	const keeper = field.keep(7, { onMemory: (error) => errors.push(error) });
	field.types('new');
	await until(() => errors.length > 0);
	assert.deepEqual(await texts(), ['new']);
	await discard(keeper.id);
	assert.deepEqual(await texts(), []);
	await undiscard(keeper.id);
	assert.deepEqual(await texts(), ['new']);
	await removeAfterSave(resource, 7);
	assert.deepEqual(await texts(), []);
	await keeper.stop();
});

test('a store that fails later loses nothing either', async () => {
	const field = new Field('old');
	let full = null;
	const keeper = field.keep(7, { onMemory: (error) => { full = error; } });
	field.types('kept');
	await keeper.save();
	store.put = async () => { throw new Error('full'); };
	field.types('kept in the page');
	await keeper.save();
	assert.equal(full.message, 'full');
	assert.deepEqual(await texts(), ['kept in the page']);
	await keeper.stop();
});

test('a page that goes keeps what is still on its way to the store', async () => {
	const listeners = [];
	const items = {};
	const methods = { setItem: (key, value) => { items[key] = value; }, removeItem: (key) => { delete items[key]; } };
	Object.entries(methods).forEach(([name, value]) => Object.defineProperty(items, name, { value }));
	Object.defineProperty(globalThis, 'localStorage', { value: items, configurable: true });
	globalThis.addEventListener = (name, listener) => name === 'pagehide' && listeners.push(listener);
	globalThis.removeEventListener = (name, listener) => listeners.splice(listeners.indexOf(listener) >>> 0, 1);
	try {
		const going = await import('../src/locky-drafts.js?going');
		const field = new Field('old');
		const keeper = going.keepDraft(resource, 7, { user: 'ann', read: () => field.text, target: field });
		const slow = new MemoryStore();
		let arrived;
		slow.put = () => new Promise((resolve) => { arrived = resolve; });
		going.useDraftStore(slow);
		field.types('on its way');
		const stopping = keeper.stop();
		listeners.forEach((listener) => listener());
		assert.equal(JSON.parse(items[`locky-draft:${keeper.id}`]).value, 'on its way');
		// The page stays, or comes back, and the store has it.
		arrived();
		await stopping;
		assert.deepEqual(Object.keys(items), []);
		// Where the page has gone, the next one reads it.
		field.text = 'old';
		const again = going.keepDraft(resource, 8, { user: 'ann', read: () => field.text, target: field });
		field.types('gone with the page');
		again.stop();
		listeners.forEach((listener) => listener());
		const next = await import('../src/locky-drafts.js?next');
		next.useDraftStore(store);
		assert.deepEqual((await next.drafts(resource, { user: 'ann' })).map(({ value }) => value), ['gone with the page']);
	} finally {
		['localStorage', 'addEventListener', 'removeEventListener'].forEach((name) => delete globalThis[name]);
	}
});

test('unsaved text is handed on when the lock is taken over', async () => {
	const listeners = [];
	const lock = { resource, fence: 7, _onLoss: (listener) => listeners.push(listener) };
	const sent = [];
	let text = 'old';
	const errors = [];
	const offer = offerDraft(lock, {
		read: () => text,
		send: async (draft, loss) => {
			sent.push([draft, loss?.reason]);
			if (draft.value === 'fails') {
				throw new Error('refused');
			}
		},
		onError: (error) => errors.push(error.message),
	});
	listeners[0]({ reason: 'takenover' });
	listeners[0]({ reason: 'ended' });
	assert.equal(await offer.send(), false);
	text = 'new';
	listeners[0]({ reason: 'takenover' });
	assert.equal(await offer.send(), true);
	assert.deepEqual(sent, [[{ resource, fence: 7, value: 'new', base: 'old' }, 'takenover'], [{ resource, fence: 7, value: 'new', base: 'old' }, undefined]]);
	text = 'fails';
	listeners[0]({ reason: 'takenover' });
	await until(() => errors.length === 1);
	offer.stop();
	assert.equal(await offer.send(), false);
});

const shown = (parts) => parts.map(({ kind, text }) => `${kind[0]}:${text.replaceAll('\n', '|')}`).join(' ');

test('texts are compared by lines', () => {
	assert.equal(shown(compare('a\nb\nc', 'a\nb\nc')), 's:a|b|c');
	assert.equal(shown(compare('a\nmy\nc', 'a\nb\nc')), 's:a t:b m:my s:c');
	assert.equal(shown(compare('a\nb\nc\nd', 'a\nd')), 's:a m:b|c s:d');
	assert.equal(shown(compare('', 'a')), 't:a m:');
	assert.equal(shown(compare('', '')), 's:');
	assert.equal(shown(compare('a\r\nb', 'a\nb')), 's:a|b');
	assert.equal(shown(compare({ value: 'x\ny\nz' }, 'y\nz\nw')), 'm:x s:y|z t:w');
	assert.equal(shown(compare('a\na\na', 'a\na')), 's:a|a m:a');
});

test('both texts can be read from a comparison, which is the shortest', () => {
	let seed = 7;
	const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
	for (let i = 0; i < 500; i++) {
		const text = () => Array.from({ length: random(9) }, () => 'abc'[random(3)]).join('\n');
		const [mine, theirs] = [text(), text()];
		const parts = compare(mine, theirs);
		const side = (kind) => parts.filter((part) => part.kind === 'same' || part.kind === kind).map((part) => part.text).join('\n');
		assert.equal(side('mine'), mine);
		assert.equal(side('theirs'), theirs);
		assert.ok(parts.every((part, at) => part.kind !== parts[at + 1]?.kind));
		const same = parts.filter((part) => part.kind === 'same').reduce((sum, part) => sum + part.text.split('\n').length, 0);
		assert.equal(same, longest(mine.split('\n'), theirs.split('\n')), JSON.stringify([mine, theirs]));
	}
});

/** By trying everything. */
function longest(one, other) {
	if (one.length === 0 || other.length === 0) {
		return 0;
	}
	return one[0] === other[0] ? 1 + longest(one.slice(1), other.slice(1))
		: Math.max(longest(one.slice(1), other), longest(one, other.slice(1)));
}

test('very long texts are compared in bounded time', () => {
	const long = (start) => Array.from({ length: 5000 }, (_, id) => `${start} ${id}`).join('\n');
	const began = performance.now();
	const parts = compare(`same\n${long('mine')}\nend`, `same\n${long('theirs')}\nend`);
	assert.deepEqual(parts.map((part) => part.kind), ['same', 'theirs', 'mine', 'same']);
	assert.ok(performance.now() - began < 5000);
});
