import test from 'ava';
import { haveLine, readStreamHead } from '../../../../agent/protocol/logs/stream-head.ts';

test('readStreamHead() takes the modes of images, and the one with numbers', (t) => {
  t.deepEqual(readStreamHead('s', 'NO_TIMESTAMPS'), { stream: 's', hasTimes: false });
  t.deepEqual(readStreamHead('s', 'TIMESTAMPS_INSIDE'), { stream: 's', hasTimes: true });
  t.deepEqual(readStreamHead('s', 'TIMESTAMPS_COUNTED 0123456789abcdef 17'), {
    ...{ stream: 's', hasTimes: true },
    counted: { sender: '0123456789abcdef', first: 17 },
  });
});

for (const mode of [
  '',
  'constructor',
  'TIMESTAMPS_COUNTED',
  'TIMESTAMPS_COUNTED 0123456789abcdef',
  'TIMESTAMPS_COUNTED short 1',
  `TIMESTAMPS_COUNTED ${'x'.repeat(65)} 1`,
  'TIMESTAMPS_COUNTED 0123456789abcde. 1',
  'TIMESTAMPS_COUNTED 0123456789abcdef 0',
  'TIMESTAMPS_COUNTED 0123456789abcdef -1',
  'TIMESTAMPS_COUNTED 0123456789abcdef 1e9',
  `TIMESTAMPS_COUNTED 0123456789abcdef ${'9'.repeat(16)}`,
]) {
  test(`readStreamHead() takes no mode ${JSON.stringify(mode)}`, (t) => {
    t.is(readStreamHead('s', mode), undefined);
  });
}

test('haveLine() says how many lines there are', (t) => {
  t.is(haveLine(12), 'HAVE 12\n');
});
