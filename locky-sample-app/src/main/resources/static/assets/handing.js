// The unsaved text of a holder who lets go, for the one who edits next.

import { call, get } from './page.js';

export function handText({ id, lock }, text) {
	return call('PUT', `/api/articles/${id}/handed`, { ...text, fence: lock.fence });
}

/** Returns {from, title, text}, or null. */
export async function readHandedText({ id, lock }) {
	return lock && get(`/api/articles/${id}/handed?fence=${lock.fence}`).catch(() => null);
}
