// Presence: the faces of those who look at an article.

import { present } from '/locky/locky-presence.js';
import { byId, element, face } from './page.js';

const DOES = { viewing: 'is reading', waiting: 'is waiting', editing: 'is editing' };

/** Shows this user to the others, and them to this user. */
export function people(editor, { isWaiting }) {
	const presence = present(editor.resource, { onPeople: (all) => showPeople(byId('people'), all) });
	return {
		show: () => presence.setState(editor.lock ? 'editing' : isWaiting() ? 'waiting' : 'viewing'),
	};
}

/** The faces of all but the user of this page, whose state their title says. */
export function showPeople(place, all) {
	const others = all.filter((each) => !each.own);
	place.replaceChildren(...others.map(({ person, state }) => {
		const words = `${person} ${DOES[state]}`;
		return element('li', { title: words, 'data-state': state }, face(person), element('span', { class: 'spoken' }, words));
	}));
	place.hidden = others.length === 0;
}
