import test from 'ava';
import fc from 'fast-check';
import { linePrinter } from '../../../../agent/host/text/line-printer.ts';
import { oneLine, shownText } from '../../../../agent/host/text/shown-text.ts';

const cases = [
  ['a\r\nplatform.nodes -> node x is booted', 'a\\r\\nplatform.nodes -> node x is booted'],
  ['\x1b[2J\x07\0', '\\u001b[2J\\u0007\\u0000'],
  ['\x9b31m\x7f\x85', '\\u009b31m\\u007f\\u0085'],
  ['one\u2028two\u2029', 'one\\u2028two\\u2029'],
  ['\u202etxt.exe\u2066\u200f', '\\u202etxt.exe\\u2066\\u200f'],
  ['\ud800', '\\ud800'],
  ['é 汉 🐧 C:\\n', 'é 汉 🐧 C:\\n'],
] as const;

for (const [text, shown] of cases) {
  test(`oneLine() ${shown}`, (t) => {
    t.is(oneLine(text), shown);
  });
}

test('shownText() keeps ends of lines, and nothing else that moves a cursor', (t) => {
  t.is(shownText('one\ntwo\r\x1b[A'), 'one\ntwo\\r\\u001b[A');
});

test('shownText() leaves JSON the same JSON', (t) => {
  fc.assert(
    fc.property(fc.json(), fc.string({ unit: 'binary' }), (json, text) => {
      const value = [JSON.parse(json), text];
      t.deepEqual(JSON.parse(shownText(JSON.stringify(value, null, 2))), value);
    }),
  );
});

test('linePrinter() prints one line for each, whatever is in it', (t) => {
  let printed = '';
  const { print, flush } = linePrinter((text) => {
    printed += text;
  });
  print("refused 'a\r\nb\x1b[1m'");
  flush();
  t.is(printed, "refused 'a\\r\\nb\\u001b[1m'\n");
});
