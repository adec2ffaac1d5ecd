// The unsaved text of a holder who lets go, for the one who edits next.

import { call } from './page.js';

export function handText({ id, lock }, text) {
	return call('PUT', `/api/articles/${id}/handed`, { ...text, fence: lock.fence });
}

/** Takes it: returns {from, title, text}, or null. */
export async function takeHandedText({ id, lock }) {
	return lock && call('DELETE', `/api/articles/${id}/handed?fence=${lock.fence}`).catch(() => null);
}
