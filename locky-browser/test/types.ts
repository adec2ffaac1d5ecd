// Compiled, never run: what applications write, and what the compiler must refuse.

import { LockError, acquire, adopt, configure, holder, holders, resume, takeOver, watch } from 'locky-browser';
import type { Lock, LockState, Loss, Settings } from 'locky-browser';
import { lockForms } from 'locky-browser/form';
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

// @ts-expect-error a fence is a number
void takeOver('article:12', '1');
// @ts-expect-error a list of resources
watch('article:12', () => {});
// @ts-expect-error not a reason
const reason: Loss['reason'] = 'bored';
void reason;

export async function endings(signal: AbortSignal): Promise<string[]> {
	const first: HoldPage = await history('article:12', { size: 5, signal });
	const { holds } = await history('article:12', { before: first.next });
	// @ts-expect-error a page has no cursor
	first.cursor = 1;
	return holds.map(({ locker, outcome, by }: Hold) => `${locker ?? 'somebody'} ${outcome} ${by ?? ''}`);
}
