import type { Callable, LockError } from './locky.js';

/** What a person does, the most active first. */
export type PresenceState = 'editing' | 'waiting' | 'viewing';

export interface Person {
	/** The name that the server shows, or null if it hides it. */
	person: string | null;
	state: PresenceState;
	/** When the person came, ISO-8601 in UTC. */
	since: string;
	/** Whether it is the user of this page, in this tab or another one. */
	own: boolean;
}

export interface PresenceOptions extends Callable {
	/** `viewing` by default. */
	state?: PresenceState;
	/** All who are there, at first and on every change: those who edit first. */
	onPeople?: (people: Person[]) => void;
	/** A request failed and will be repeated, or was refused for good. */
	onError?: (error: LockError) => void;
}

export interface PresenceHandle {
	setState(state: PresenceState): void;
	leave(): void;
}

/** Shows the user of this page to the others who look at a resource, until it leaves or the signal is aborted. */
export function present(resource: string, options?: PresenceOptions): PresenceHandle;
