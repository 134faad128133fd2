// What a machine said on its serial line, as text that may be shown on a terminal.

const ESCAPE = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(7);

/** Strings, which end by BEL or ESC \; sequences with parameters (CSI); all others (ECMA-48 §5.3 to §5.6, ECMA-35 §13.2.1). */
const SEQUENCES = new RegExp(
  [
    `${ESCAPE}[\\]PX^_][^${BELL}${ESCAPE}\\r\\n]*(?:${BELL}|${ESCAPE}\\\\)?`,
    `${ESCAPE}\\[[0-?]*[ -/]*[@-~]?`,
    `${ESCAPE}[ -/]*[0-~]?`,
  ].join('|'),
  'g',
);
/** Control characters, and what turns the direction of writing. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** In lines. Bytes that are no UTF-8 are replaced (U+FFFD); sequences of a terminal and control characters are left out. */
export function consoleText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  return text
    .replaceAll(SEQUENCES, '')
    .replaceAll(/[\r\n]+/g, '\n')
    .replaceAll(UNSEEN, '');
}

/** The last line that has something in it; undefined where there is none. */
export function lastLineOf(bytes: Uint8Array): string | undefined {
  return consoleText(bytes)
    .split('\n')
    .findLast((line) => line.trim() !== '');
}
