import test from 'ava';
import type { ToldBoot } from '../../../agent/boots/boot-book.ts';
import { bootHistory } from '../../../agent/healing/boot-history.ts';

const boot = (id: number, rest: Partial<ToldBoot>): ToldBoot => ({
  ...{ id, mac: 'm', started: id * 1000, state: 'dhcp', attempt: 1, stages: [], ...rest },
});
const asked = { at: 1, stage: 'dhcp', detail: { message: 'request' } } as const;

test('bootHistory() tells boots that came up, that failed, and the one that is under way', (t) => {
  const kernel = { path: 'kernel', via: 'tftp', outcome: 'lost', retries: 4 };
  const past = bootHistory([
    boot(4, { stages: [asked], image: 'sha256:a' }),
    boot(3, { state: 'files', stages: [asked, { at: 2, stage: 'file', detail: kernel }] }),
    boot(2, {
      state: 'down',
      stages: [
        { at: 5000, stage: 'booted', detail: {} },
        { at: 6000, stage: 'down', detail: { cause: 'the connection was reset', method: 'x' } },
      ],
    }),
  ]);
  t.deepEqual(
    past.map(({ result, took, retries, reason }) => [result, took, retries, reason]),
    [
      ['under-way', null, 0, null],
      ['failed', null, 4, 'the transfer of kernel by tftp broke off (lost)'],
      ['booted', 3000, 0, 'then down: the connection was reset'],
    ],
  );
  t.is(past[0]?.image, 'sha256:a');
});
