import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { linePrinter } from '../../../../agent/host/text/line-printer.ts';

test('linePrinter() writes the lines of one turn together, and those of the next behind them', async (t) => {
  const written: string[] = [];
  const { print } = linePrinter((text) => written.push(text));
  print('one');
  print('two');
  t.deepEqual(written, []);
  await turn();
  print('three');
  await turn();
  t.deepEqual(written, ['one\ntwo\n', 'three\n']);
});

test('linePrinter().flush() writes at once what waits, and nothing twice', async (t) => {
  const written: string[] = [];
  const { print, flush } = linePrinter((text) => written.push(text));
  print('last');
  flush();
  await turn();
  flush();
  t.deepEqual(written, ['last\n']);
});
