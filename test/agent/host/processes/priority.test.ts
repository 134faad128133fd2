import test from 'ava';
import { isJournal, PRIORITY } from '../../../../agent/host/processes/priority.ts';
import { linePrinter } from '../../../../agent/host/text/line-printer.ts';

test('isJournal() believes the variable only of the output that it names', (t) => {
  t.true(isJournal('8:1234', { dev: 8, ino: 1234 }));
  t.false(isJournal('8:1234', { dev: 8, ino: 1235 }));
  t.false(isJournal(undefined, { dev: 8, ino: 1234 }));
});

test('linePrinter() begins each line with its priority for the journal, and only there', (t) => {
  for (const [hasPriorities, expected] of [
    [true, '<6>plain\n<4>look at\\nthis\n'],
    [false, 'plain\nlook at\\nthis\n'],
  ] as const) {
    let written = '';
    const { print, flush } = linePrinter(
      (text) => {
        written += text;
      },
      { hasPriorities },
    );
    print('plain');
    print('look at\nthis', PRIORITY.warning);
    flush();
    t.is(written, expected);
  }
});
