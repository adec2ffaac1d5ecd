// The focus is never lost: if the element that has it disappears, it moves to one that stays.

let last = null;

document.addEventListener('focusin', (event) => (last = event.target));

/** Call after something may have disappeared. */
export function keepFocus(fallback) {
	requestAnimationFrame(() => {
		const active = document.activeElement;
		const nowhere = !active || active === document.body || !active.checkVisibility();
		if (nowhere && last && !last.checkVisibility() && !document.querySelector('dialog[open]')) {
			fallback.focus({ preventScroll: true });
		}
	});
}
