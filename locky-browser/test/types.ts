// Compiled, never run: what applications write, and what the compiler must refuse.

import { LockError, acquire, adopt, configure, holder, holders, resume, takeOver, watch } from 'locky-browser';
import type { Lock, LockState, Loss, Settings } from 'locky-browser';
import { lockForms } from 'locky-browser/form';
import { joinLine } from 'locky-browser/line';

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
