// Signs of life of a holder. Each heartbeat extends the lease to its full length, so the rest of it says when the last one was.

import { me } from './page.js';

/** When the lease of a holder ends, by the clock of this page. */
export function deadlineOf(holder) {
	return performance.now() + (holder.expiresIn ?? me.ttl) * 1000;
}

export function left(deadline) {
	return Math.max(0, Math.ceil((deadline - performance.now()) / 1000));
}

/** "active now", or for how long nothing has been heard. Heartbeats come every third of the TTL. */
export function signOfLife(deadline) {
	return isSilent(deadline) ? `no sign for ${Math.round(me.ttl - left(deadline))} s` : 'active now';
}

export function isSilent(deadline) {
	return left(deadline) < me.ttl / 2;
}

/** A ring that is full while the holder is active, and then closes as the lease runs out. */
export function showLife(ring, deadline) {
	ring.style.setProperty('--left', isSilent(deadline) ? left(deadline) / me.ttl : 1);
}
