import test from 'ava';
import { consoleText, lastLineOf } from '../../../../lab/platform/parts/console-text.ts';

const CASES: readonly (readonly [said: string, shown: string])[] = [
  ['Starting systemd-sysctl.se…ce\r\n', 'Starting systemd-sysctl.se…ce\n'],
  ['\u001b[0;32m  OK  \u001b[0m done\u001b[K', '  OK   done'],
  ['\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\b', 'ab'],
  ['\u001bc\u001b(B\u001b7\u001b=\u001b[?25la', 'a'],
  ['\u001b[2J\u001b[01;01Ha\u009b\u0000\u0007\u007f\u202eb', 'ab'],
  ['10 %\r50 %\r\n\nx', '10 %\n50 %\nx'],
  ['cut \u001b[', 'cut '],
  ['cut \u001b]0;title\nx', 'cut \nx'],
];

test('consoleText() is UTF-8 without escape sequences and control characters', (t) => {
  for (const [said, shown] of CASES) t.is(consoleText(Buffer.from(said)), shown);
});

test('consoleText() replaces what is no UTF-8', (t) => {
  t.is(consoleText(Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x80])), 'a\ufffdb\ufffd');
});

test('lastLineOf() is the last line with something in it', (t) => {
  t.is(lastLineOf(Buffer.from('a\r\nb…\r\n \u001b[0m\r\n')), 'b…');
  t.is(lastLineOf(Buffer.from('\r\n')), undefined);
});
