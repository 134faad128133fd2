import test from 'ava';
import { shownLine, wrapped } from '../../../../agent/cli/terminal/styled-text.ts';

test('shownLine() styles text, and shows what others put into it as what it is', (t) => {
  const line = [{ text: 'a ' }, { text: 'b\u001b[31m\n', style: 'bold' as const }];
  t.is(shownLine(line, true), 'a \u001b[1mb\\u001b[31m\\n\u001b[22m');
  t.is(shownLine(line, false), 'a b\\u001b[31m\\n');
});

test('wrapped() breaks between words, whatever style these have', (t) => {
  const spans = [
    { text: 'one two ' },
    { text: 'three', style: 'bold' as const },
    { text: '. a-word-that-is-too-long end' },
  ];
  const lines = wrapped(spans, { width: 12, first: '* ', next: '  ' });
  const shown = lines.map((line) => shownLine(line, false));
  t.deepEqual(shown, ['* one two', '  three.', '  a-word-that-is-too-long', '  end']);
  t.is(shownLine(lines[1] ?? [], true), '  \u001b[1mthree\u001b[22m.');
});
