/** How a hold ended: by its holder, without naming the holder, by another grant, or with its lease. */
export type HoldOutcome = 'RELEASED' | 'FORCE_RELEASED' | 'TAKEN_OVER' | 'EXPIRED';

/** A hold that has ended. */
export interface Hold {
	/** Who held the lock, as the `LockHolderView` of the server shows it; null if it hides the locker. */
	locker: string | null;
	fence: number;
	/** When it was granted, ISO-8601 in UTC. */
	since: string;
	/** When it ended. */
	until: string;
	outcome: HoldOutcome;
	/** Who ended it, or null if that is not known or nobody did. */
	by: string | null;
	/** Why, as the one who took it over wrote, or null. */
	note: string | null;
}

export interface HoldPage {
	/** The latest first. */
	holds: Hold[];
	/** Where the next page begins, or null if this is the last one. */
	next: number | null;
}

/** Returns a page of the history of a lock. `before` is the `next` of the page before; the size is from 1 to 500. */
export function history(resource: string, options?: { before?: number | null; size?: number; signal?: AbortSignal }): Promise<HoldPage>;
