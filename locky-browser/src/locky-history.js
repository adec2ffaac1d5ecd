// The history of a lock: who held it before, from when to when, and how it ended.

import { request } from './locky-http.js';

/** Returns a page, the latest hold first. The next one begins before the `next` of this one; the last has none. */
export function history(resource, { before = null, size = 20, signal } = {}) {
	const query = new URLSearchParams({ resource, size, ...(before !== null && { before }) });
	return request(`/history?${query}`, null, { signal });
}
