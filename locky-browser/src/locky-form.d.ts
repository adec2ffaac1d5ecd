import type { Holder, LossReason } from './locky.js';

/** The state of a form: `data-locky-state`, and `data-locky-show` of what is shown in it. Other states are codes of errors. */
export type FormState = 'idle' | 'waiting' | 'mine' | 'locked' | 'own' | 'free' | LossReason | (string & {});

/** The detail of the event `locky` that a form dispatches whenever its state changes. It bubbles. */
export interface FormDetail {
	state: FormState;
	resource: string;
	holder: Holder | null;
	fence: number | null;
}

/**
 * Locks for the forms inside of an element, and from now on for those that come and go there. The module does it for the
 * document when it is loaded. Returns a function that stops looking for forms.
 */
export function lockForms(root?: ParentNode & Node): () => void;
