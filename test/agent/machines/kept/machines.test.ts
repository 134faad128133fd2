import test from 'ava';
import { seenInNamespace } from '../../../support/machines/in-namespace.ts';

test('Machines powers no machine on that is being removed', async (t) => {
  const removed = 'Cannot power pc-1 on: it is removed';
  t.deepEqual(await seenInNamespace(t, 'removed-machine'), {
    ranBefore: true,
    answered: ['done', removed, removed],
    isAlive: false,
    left: [],
    said: ['is powered on, emulated (this is a test)'],
  });
});

type Crowded = {
  readonly alone: string | null;
  readonly together: string;
  readonly refusals: readonly string[];
  readonly hasRoom: boolean;
};

test('Machines promises the same memory to one machine alone, whatever is asked for at once', async (t) => {
  const seen = (await seenInNamespace(t, 'crowded-machines')) as Crowded;
  const figures = /it needs \d+\.\d GB of memory, and \d+\.\d GB of this machine's \d+\.\d GB/;
  t.regex(seen.together, figures);
  // Others may have taken the memory of this computer that one machine alone would get.
  if (!seen.hasRoom) return;
  t.is(seen.alone, null);
  t.is(seen.refusals.length, 1);
  t.regex(seen.refusals[0] ?? '', figures);
});

test('Machines says once that a QEMU hangs, and starts another one when it is told to', async (t) => {
  const runs = { isOn: true, accelerator: 'tcg' };
  const trouble = 'its QEMU does not answer; walt node reboot --hard starts it anew';
  const started = 'is powered on, emulated (this is a test)';
  t.deepEqual(await seenInNamespace(t, 'stuck-machine'), {
    before: runs,
    found: { ...runs, trouble },
    isAnother: true,
    after: runs,
    said: [started, `is stuck: ${trouble}`, started],
  });
});

test('Machines begins beside a QEMU that hangs, and starts another one', async (t) => {
  t.deepEqual(await seenInNamespace(t, 'hung-machine'), {
    saidAtFirst: [],
    said: [
      'is started anew: QEMU does not answer qmp_capabilities',
      'is powered on, emulated (this is a test)',
    ],
    isAnother: true,
  });
});
