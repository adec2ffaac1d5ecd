// "Who held it": the history of an article, page by page.

import { history } from '/locky/locky-history.js';
import { byId, element, me, time } from './page.js';

const SIZE = 10;

export function holds({ resource }) {
	const drawer = byId('holds');
	let next = null;
	let readings = 0;

	async function read(before) {
		const reading = ++readings;
		const page = await history(resource, { before, size: SIZE });
		if (reading !== readings) {
			return;
		}
		before === null && byId('holds-list').replaceChildren();
		next = page.next;
		byId('holds-list').append(...page.holds.map(line));
		byId('holds-more').hidden = next === null;
		byId('holds-none').hidden = byId('holds-list').childElementCount > 0;
	}

	function reset() {
		drawer.open && read(null).catch(() => {});
	}

	drawer.addEventListener('toggle', reset);
	byId('holds-more').addEventListener('click', () => read(next).catch(() => {}));

	let fence = null;
	return {
		/** A change of the holder may have added one. */
		show({ held, holder }) {
			const now = held ? holder.fence : 0;
			if (now !== fence) {
				fence = now;
				reset();
			}
		},
	};
}

function line({ locker, since, until, outcome, by, note }) {
	return element('li', {}, element('b', {}, name(locker)), ` ${time(since)} to ${time(until)} `,
		element('span', { class: 'quiet' }, ending(outcome, by, note)));
}

function ending(outcome, by, note) {
	switch (outcome) {
		case 'TAKEN_OVER':
			return `${name(by)} took it over${note ? `: “${note}”` : ''}`;
		case 'EXPIRED':
			return 'went silent';
		case 'FORCE_RELEASED':
			return 'was released by somebody else';
		default:
			return 'closed it';
	}
}

function name(locker) {
	return locker === me.name ? 'You' : locker ?? 'Somebody';
}
