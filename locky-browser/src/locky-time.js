// Time: performance.now() stands still while some computers sleep, and Date.now() may be set back. The stricter one counts.

export function now() {
	return [performance.now(), Date.now()];
}

export function after(time, ms) {
	return time.map((clock) => clock + ms);
}

/** Milliseconds until a time; negative if it has passed by one of the clocks. */
export function until(time) {
	const at = now();
	return Math.min(time[0] - at[0], time[1] - at[1]);
}
