import test from 'ava';
import { openRecords } from '../../../support/records.ts';

test('writeJournal() says how many events of others went unwritten', async (t) => {
  const { publish, printed } = await openRecords();
  const mac = '02:00:00:00:00:09';
  const found = Array.from({ length: 1000 }, (_, index) => ({
    ...({ kind: 'address-conflict', mac } as const),
    ip: `10.0.${index >> 8}.${index & 0xff}`,
  }));
  publish(found);
  t.is(printed.length, 50);
  publish([{ kind: 'problem', source: 'test', message: 'something else' }]);
  t.is(printed.at(-1), 'daemon.test -> something else');
});

test('writeJournal() cuts the path of a refused file: a request may have thousands of characters', async (t) => {
  const { publish, printed } = await openRecords();
  const path = `/${'x'.repeat(8000)}`;
  publish([{ kind: 'refused-file', path, from: '10.0.0.9', reason: 'it is too long' }]);
  t.regex(printed.at(-1) ?? '', /^platform\.files -> refused '\/x{199}…' to 10\.0\.0\.9: it is/);
});
