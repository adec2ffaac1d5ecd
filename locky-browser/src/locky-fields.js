// The fields of a form, of a part of a page, or a single field: made read-only and back, and brought back to what they were.

const TEXT = 'textarea, input:is([type=text], :not([type]), [type=search], [type=url], [type=email], [type=tel])';

function fieldsOf(target) {
	if (target.elements) {
		return [...target.elements];
	}
	return target.matches('input, textarea, select, button') ? [target] : [...target.querySelectorAll('input, textarea, select, button')];
}

function editablesOf(target) {
	const inside = [...target.querySelectorAll('[contenteditable]:not([contenteditable=false])')];
	return target.isContentEditable ? [target, ...inside] : inside;
}

export class Fields {

	#target;
	#frozen = [];

	constructor(target) {
		this.#target = target;
	}

	/** Text becomes read-only, so that it can be read and copied; everything else is disabled. */
	freeze() {
		this.thaw();
		for (const field of fieldsOf(this.#target)) {
			const property = field.matches(TEXT) ? 'readOnly' : 'disabled';
			if (!field[property] && !field.matches('[type=hidden], fieldset, output, [data-locky-takeover]')) {
				field[property] = true;
				this.#frozen.push(() => { field[property] = false; });
			}
		}
		for (const element of editablesOf(this.#target)) {
			const before = element.contentEditable;
			element.contentEditable = 'false';
			this.#frozen.push(() => { element.contentEditable = before; });
		}
	}

	thaw() {
		this.#frozen.splice(0).forEach((undo) => undo());
	}

	/** Returns a function that brings back what the fields have now. */
	remember() {
		const values = fieldsOf(this.#target).filter((field) => !field.matches('button, [type=file]')).map((field) => {
			const { value, checked } = field;
			const selected = field.options && [...field.options].map((option) => option.selected);
			return () => {
				if (selected) {
					selected.forEach((each, index) => { field.options[index].selected = each; });
				} else if (checked !== undefined && field.matches('[type=checkbox], [type=radio]')) {
					field.checked = checked;
				} else if (field.value !== value) {
					field.value = value;
				}
			};
		});
		const texts = editablesOf(this.#target).map((element) => {
			const nodes = [...element.childNodes].map((node) => node.cloneNode(true));
			return () => element.replaceChildren(...nodes.map((node) => node.cloneNode(true)));
		});
		return () => [...texts, ...values].forEach((undo) => undo());
	}

}
