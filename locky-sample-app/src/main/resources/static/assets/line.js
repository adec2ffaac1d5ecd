// Your turn: a line of those who wait. The first one is offered the article for some seconds before anybody else may take it.

import { joinLine } from '/locky/locky-line.js';
import { left } from './life.js';
import { say, showCard } from './message.js';
import { byId, get } from './page.js';

export function line(editor) {
	let place = null;
	let where = 'in line';
	let offer = null;
	let countdown = null;

	function join() {
		place = joinLine(editor.resource, {
			onPlace: ({ position, length, offeredFor }) => {
				where = `${ordinal(position)} in line of ${length}`;
				offeredFor === null && say(`You are ${where}.`);
				editor.changed();
			},
			onOffer: showOffer,
			onLost: (error) => {
				leave();
				say(error ? error.message : 'Your turn is over: the article was offered to the next one.', { trouble: true });
			},
		});
		editor.changed();
	}

	function leave() {
		place = null;
		hideOffer();
		editor.changed();
	}

	function showOffer(next) {
		offer = next;
		const until = performance.now() + next.secondsLeft * 1000;
		say('It is your turn.');
		const tick = () => (byId('offer-left').textContent = `Take it within ${left(until)} s.`);
		clearInterval(countdown);
		countdown = setInterval(tick, 250);
		tick();
		showCard('offer', true);
	}

	function hideOffer() {
		offer = null;
		clearInterval(countdown);
		showCard('offer', false);
	}

	async function take() {
		try {
			const lock = await offer.take(editor.callbacks);
			await editor.begin(lock);
		}
		catch (error) {
			say(error.holder ? `${error.holder.locker} is editing.` : error.message, { trouble: true });
			editor.refresh();
		}
	}

	byId('wait').addEventListener('click', () => {
		if (place) {
			place.leave();
			say('');
			leave();
		}
		else {
			join();
		}
	});
	byId('take-turn').addEventListener('click', take);

	// A page that is loaded again goes on waiting at its place.
	get(`/locky/line?${new URLSearchParams({ resource: editor.resource })}`).then(({ own }) => own && !place && join(), () => {});

	return {
		get isWaiting() {
			return Boolean(place);
		},
		held() {
			place?.leave();
			place = null;
			hideOffer();
		},
		show({ held, own }) {
			byId('wait').hidden = Boolean(editor.lock) || own || (!held && !place);
			byId('wait').setAttribute('aria-pressed', Boolean(place));
			byId('wait').textContent = place ? `You are ${where}` : 'Wait in line';
		},
	};
}

export function ordinal(number) {
	const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th' }[new Intl.PluralRules('en', { type: 'ordinal' }).select(number)];
	return `${number}${ending}`;
}
