import test from 'ava';
import { defaultLimits, negotiate, smallLimits } from '../../../../agent/protocol/tftp/options.ts';

const size = 5000;

const granted = test.macro({
  exec(t, asked: Record<string, string>, expected: Record<string, string>) {
    const terms = negotiate(new Map(Object.entries(asked)), size);
    t.deepEqual(Object.fromEntries(terms.granted), expected);
  },
  title: (_, asked, expected) =>
    `negotiate() grants ${JSON.stringify(expected)} to ${JSON.stringify(asked)}`,
});

test(granted, {}, {});
test(granted, { blksize: '8' }, { blksize: '8' });
test(granted, { blksize: '1468' }, { blksize: '1468' });
test(granted, { blksize: '65464' }, { blksize: '1468' });
test(granted, { blksize: '7' }, {});
test(granted, { blksize: '' }, {});
test(granted, { blksize: '-5' }, {});
test(granted, { blksize: '1e3' }, {});
test(granted, { blksize: '99999999999999999999' }, {});
test(granted, { tsize: '0' }, { tsize: '5000' });
test(granted, { timeout: '1' }, {});
test(granted, { timeout: '255', blksize: '1468' }, { blksize: '1468' });
test(granted, { windowsize: '1' }, { windowsize: '1' });
test(granted, { windowsize: '65535' }, { windowsize: '64' });
test(granted, { windowsize: '0' }, {});
test(granted, { windowsize: '65536' }, {});
test(granted, { multicast: '', blksize: '512', utimeout: '9' }, { blksize: '512' });

test('negotiate() answers in the order of the request', (t) => {
  const asked = new Map([
    ['windowsize', '4'],
    ['tsize', '0'],
    ['blksize', '1428'],
  ]);
  t.deepEqual([...negotiate(asked, size).granted.keys()], ['windowsize', 'tsize', 'blksize']);
});

test('negotiate() gives the terms of RFC 1350 where nothing was granted', (t) => {
  t.deepEqual(negotiate(new Map([['blksize', '1']]), size), {
    blockSize: 512,
    windowSize: 1,
    granted: new Map(),
  });
});

test('negotiate() turns what it grants into terms', (t) => {
  const asked = new Map([
    ['blksize', '1024'],
    ['windowsize', '100'],
  ]);
  t.like(negotiate(asked, size), { blockSize: 1024, windowSize: 64 });
});

for (const [seconds, ms] of [
  ['0', undefined],
  ['1', 1000],
  ['255', 255_000],
  ['256', undefined],
] as const) {
  test(`negotiate() notes a timeout of ${seconds}, and grants it only where that is allowed`, (t) => {
    const asked = new Map([['timeout', seconds]]);
    const noted = negotiate(asked, size);
    t.is(noted.timeoutMs, undefined);
    t.is(noted.askedTimeoutMs, ms);
    const granting = negotiate(asked, size, { ...defaultLimits, grantsTimeout: true });
    t.is(granting.timeoutMs, ms);
    t.is(granting.granted.get('timeout'), ms === undefined ? undefined : seconds);
  });
}

test('negotiate() leaves out the size of an empty file, which curl takes for an error', (t) => {
  t.is(negotiate(new Map([['tsize', '0']]), 0).granted.size, 0);
});

test('negotiate() grants nothing but the oldest blocks, one at a time, with the small limits', (t) => {
  const asked = new Map([
    ['blksize', '1468'],
    ['windowsize', '16'],
  ]);
  t.like(negotiate(asked, 10_000, smallLimits), { blockSize: 512, windowSize: 1 });
});
