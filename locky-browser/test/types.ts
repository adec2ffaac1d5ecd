// Compiled, never run: what applications write, and what the compiler must refuse.

import { LockError, acquire, adopt, configure, holder, holders, resume, takeOver, watch } from 'locky-browser';
import type { Lock, LockState, Loss, Settings } from 'locky-browser';
import { acquireOnInput, watchAttention } from 'locky-browser/attention';
import { lockForms } from 'locky-browser/form';
import { answer, ask, onAsked } from 'locky-browser/handover';
import type { Asking } from 'locky-browser/handover';
import { compare, discard, drafts, keepDraft, offerDraft, removeAfterSave, undiscard } from 'locky-browser/drafts';
import type { Part } from 'locky-browser/drafts';
import { present } from 'locky-browser/presence';
import type { Person } from 'locky-browser/presence';
import { joinLine } from 'locky-browser/line';
import { history } from 'locky-browser/history';
import type { Hold, HoldPage } from 'locky-browser/history';

const settings: Settings = { base: '/app/locky', headers: async () => ({ Authorization: 'Bearer token' }), fetch, scope: 'ann' };
configure(settings);
configure({ headers: new Headers(), scope: null, credentials: 'include' });

async function edit(signal: AbortSignal): Promise<void> {
	const lost = (loss: Loss): string => `${loss.reason} ${loss.holder?.locker ?? ''}`;
	try {
		const lock: Lock = await acquire('article:12', { note: 'Busy', ttl: 60, signal, onLost: lost, onError: (error) => error.retryAfter });
		const fence: number = lock.fence;
		const held: boolean = lock.held && await lock.check({ signal });
		const attention = watchAttention(lock, {
			idleAfter: 60,
			grace: Infinity,
			onIdle: ({ secondsLeft }) => secondsLeft?.toFixed(),
			lastFence: async () => lock.fence,
			onBack: ({ unchanged, lock: again, holder: other }) => unchanged ? again?.fence : other?.locker,
			resume: () => acquire('article:12'),
		});
		attention.lock?.fence.toFixed();
		attention.stop();
		const input = acquireOnInput(document.body, 'article:12', { note: 'Busy', onRefused: ({ error, restore }) => error.own || restore() });
		input.stop();
		await (await input.promise).release();
		await lock.release();
		await adopt('article:12', held ? fence : 0, { onTakenOver: lost });
		// @ts-expect-error a fence is read-only
		lock.fence = 1;
	} catch (error) {
		if (error instanceof LockError && error.code === 'locked' && error.holder?.fence) {
			await takeOver('article:12', error.holder.fence);
		}
	}
	const state: LockState = await holder('article:12', { signal });
	const states: Map<string, LockState> = await holders(new Set([state.resource]));
	const stop: () => void = watch([...states.keys()], ({ held, own }) => held && own, { signal, hidden: true, onLive: (live) => !live });
	stop();
	resume();
	lockForms(document);
}

void edit(new AbortController().signal);

const { leave } = joinLine('article:12', {
	onPlace: ({ position, length, offeredFor }) => `${position} of ${length}` + (offeredFor ?? ''),
	onOffer: async ({ secondsLeft, take }) => {
		const lock: Lock = await take({ note: `${secondsLeft}` });
		await lock.release();
	},
	onLost: (error) => error?.code,
	signal: new AbortController().signal,
});
void leave();

// @ts-expect-error a fence is a number
void takeOver('article:12', '1');
// @ts-expect-error a list of resources
watch('article:12', () => {});
// @ts-expect-error not a reason
const reason: Loss['reason'] = 'bored';
void reason;

async function handOver(lock: Lock): Promise<void> {
	const stop: () => void = onAsked(lock, async (request) => {
		await answer(lock, request, request.note ? 'now' : { no: `Not for ${request.locker ?? 'you'}` });
		await answer(lock, request, { later: 300 });
		// @ts-expect-error not an answer
		await answer(lock, request, 'perhaps');
	}, { onWithdrawn: ({ id }) => id });
	stop();
	const asked: Asking = await ask(lock.resource, { note: 'Please', onAnswer: ({ reason }) => reason, onGranted: (mine) => mine.fence, onEnded: ({ holder: other }) => other });
	await asked.withdraw();
}

void handOver;
async function drafting(lock: Lock): Promise<void> {
	const keeper = keepDraft(lock.resource, lock.fence, { user: 20, read: () => 'text', onMemory: () => {} });
	keepDraft(lock.resource, lock.fence, { user: 'ann', read: () => ({ title: 'a', text: 'b' }), base: { title: '', text: '' } });
	const [draft] = await drafts(lock.resource, { user: 20 });
	if (draft) {
		const parts: Part[] = compare(draft, 'current');
		await (parts.some((part) => part.kind === 'mine') ? discard(draft.id) : undiscard(draft.id));
	}
	const removed: string[] = await removeAfterSave(lock.resource, lock.fence, { value: 'text', all: true });
	const offer = offerDraft(lock, { read: () => 'text', send: async ({ value }, loss) => `${value} ${loss?.reason ?? removed.length}` });
	await offer.send();
	await keeper.stop();
	// @ts-expect-error a draft has a user
	keepDraft(lock.resource, lock.fence, { read: () => 'text' });
}

void drafting;

const presence = present('article:12', { state: 'editing', onPeople: (people: Person[]) => people.map(({ person, own }) => person ?? own) });
presence.setState('viewing');
presence.leave();
// @ts-expect-error not a state
presence.setState('sleeping');

export async function endings(signal: AbortSignal): Promise<string[]> {
	const first: HoldPage = await history('article:12', { size: 5, signal });
	const { holds } = await history('article:12', { before: first.next });
	// @ts-expect-error a page has no cursor
	first.cursor = 1;
	return holds.map(({ locker, outcome, by }: Hold) => `${locker ?? 'somebody'} ${outcome} ${by ?? ''}`);
}
