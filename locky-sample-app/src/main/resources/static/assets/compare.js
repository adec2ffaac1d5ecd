// Compares two texts word by word.

const MOST_CELLS = 4_000_000;

/** Pieces of both texts in order: ['same' | 'del' | 'ins', text]. */
export function compare(before, after) {
	const [a, b] = [words(before), words(after)];
	const start = commonStart(a, b);
	const end = commonStart(a.slice(start).reverse(), b.slice(start).reverse());
	const [was, is] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
	return joined([
		...a.slice(0, start).map((word) => ['same', word]),
		...(was.length * is.length > MOST_CELLS ? replaced(was, is) : longestCommon(was, is)),
		...a.slice(a.length - end).map((word) => ['same', word]),
	]);
}

function words(text) {
	return text.match(/\s+|\S+/g) ?? [];
}

function commonStart(a, b) {
	let length = 0;
	while (length < a.length && length < b.length && a[length] === b[length]) {
		length++;
	}
	return length;
}

function replaced(was, is) {
	return [...was.map((word) => ['del', word]), ...is.map((word) => ['ins', word])];
}

/** Keeps the longest common sequence; common[i][j] is its length for was[i…] and is[j…]. */
function longestCommon(was, is) {
	const common = Array.from({ length: was.length + 1 }, () => new Uint16Array(is.length + 1));
	for (let i = was.length - 1; i >= 0; i--) {
		for (let j = is.length - 1; j >= 0; j--) {
			common[i][j] = was[i] === is[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
		}
	}
	const pieces = [];
	let [i, j] = [0, 0];
	while (i < was.length && j < is.length) {
		if (was[i] === is[j]) {
			pieces.push(['same', was[i]]);
			i++;
			j++;
		} else if (common[i + 1][j] >= common[i][j + 1]) {
			pieces.push(['del', was[i++]]);
		} else {
			pieces.push(['ins', is[j++]]);
		}
	}
	return [...pieces, ...replaced(was.slice(i), is.slice(j))];
}

function joined(pieces) {
	const result = [];
	for (const [kind, text] of pieces) {
		result.at(-1)?.[0] === kind ? (result.at(-1)[1] += text) : result.push([kind, text]);
	}
	return result;
}
