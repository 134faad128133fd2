// Text from elsewhere (names of files, host names, what programs say) before people read it: a character that moves the cursor
// of a terminal, begins a line or turns the direction of writing is shown as what it is. The server and `walt` use it.

/** Control characters (C0, DEL, C1), half characters, ends of lines of Unicode, and marks that turn the direction of writing (UAX 9). */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** As one line. The escapes are those of JSON, so that a line of JSON stays one of the same meaning. */
export function oneLine(text: string): string {
  return text.replaceAll(UNSEEN, escaped);
}

/** As lines: an end of a line stays one, so what is put into a line passes `oneLine` before. */
export function shownText(text: string): string {
  return text.replaceAll(UNSEEN, (char) => (char === '\n' ? char : escaped(char)));
}

function escaped(char: string): string {
  return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
