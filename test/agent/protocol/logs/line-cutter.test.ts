import test from 'ava';
import { LineCutter } from '../../../../agent/protocol/logs/line-cutter.ts';
import { lineText } from '../../../../agent/protocol/logs/line-text.ts';

/** What a stream says whose lines may have 8 bytes, in pieces of a length. */
function linesOf(bytes: Uint8Array, pieceLength: number): string[] {
  const cutter = new LineCutter(8);
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceLength) {
    for (const line of cutter.cut(bytes.subarray(at, at + pieceLength))) found.push(lineText(line));
  }
  const last = cutter.end();
  return last === undefined ? found : [...found, lineText(last)];
}

const cases: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
  ['lines', 'one\ntwo\n', ['one', 'two']],
  ['an empty line', '\n\n', ['', '']],
  ['a last line that nothing ends', 'one\ntw', ['one', 'tw']],
  ['nothing', '', []],
  ['the ends of lines of a serial console', 'one\r\ntwo\r\n', ['one', 'two']],
  ['a return within a line', '10%\r20%\n', ['10%\r20%']],
  ['a line of the longest length', '12345678\n', ['12345678']],
  ['a line that is too long', '123456789ab\nnext\n', ['12345678 [cut: 3 more bytes]', 'next']],
  ['one that nothing ends', '123456789', ['12345678 [cut: 1 more bytes]']],
  ['a cut through a character', '123456é78\n', ['123456é [cut: 2 more bytes]']],
  ['a cut through a longer one', '1234567€\n', ['1234567 [cut: 3 more bytes]']],
  ['bytes that are no text', Uint8Array.of(0x61, 0xff, 0xc3, 0x0a, 0x62), ['a\\xff\\xc3', 'b']],
  ['a byte order mark', '\ufeffa\n', ['\ufeffa']],
];

for (const [what, said, lines] of cases) {
  test(`LineCutter cuts ${what}, in pieces of any length`, (t) => {
    const bytes = typeof said === 'string' ? new TextEncoder().encode(said) : said;
    for (const length of [1, 2, 3, 5, 100]) t.deepEqual(linesOf(bytes, length), lines, `${length}`);
  });
}

test('LineCutter holds no more of a line than it may keep', (t) => {
  const cutter = new LineCutter(8);
  const mebibyte = new Uint8Array(2 ** 20).fill(0x78);
  for (let count = 0; count < 100; count += 1) t.deepEqual([...cutter.cut(mebibyte)], []);
  const line = cutter.end();
  t.is(line?.bytes.length, 8);
  t.is(line?.missing, 100 * 2 ** 20 - 8);
});
