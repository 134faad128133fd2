import test from 'ava';
import {
  HOUR,
  type Means,
  NEW_SERIES,
  nextStep,
  type Series,
  type Step,
} from '../../../agent/healing/ladder.ts';
import { serverTrouble } from '../../../agent/healing/server-trouble.ts';

const means: Means = {
  ...{ fault: 'no-mount', isHard: true, retries: 9, hardPerHour: 60, hasLastGood: true },
};

/** All steps until nothing more is done. */
function climb(given: Partial<Means>): string[] {
  let series: Series = NEW_SERIES;
  const steps: string[] = [];
  for (let time = 1; time < 100; time += 1) {
    const step: Step = nextStep(series, { ...means, ...given }, time);
    steps.push('way' in step ? `${step.kind} ${step.way}` : step.kind);
    if (step.kind === 'quarantine' || step.kind === 'later') return steps;
    if (step.kind === 'wait') series = { ...series, hasWaited: true };
    if (!('way' in step)) continue;
    const cycles = step.kind === 'cycle' ? [...series.cycles, time] : series.cycles;
    series = { ...series, tries: series.tries + 1, way: step.way, cycles };
  }
  return steps;
}

test('nextStep() waits, cycles, tries another way, then the last good image, then gives up', (t) => {
  t.deepEqual(climb({ retries: 5 }), [
    'wait',
    'cycle usual',
    'cycle usual',
    'cycle careful',
    'cycle careful',
    'cycle last-good',
    'quarantine',
  ]);
  t.is(climb({}).filter((step) => step.startsWith('cycle')).length, 9, 'boot.retries');
});

test('nextStep() chooses what can mend the fault', (t) => {
  t.false(climb({ fault: 'no-boot' }).some((step) => step.endsWith('careful')));
  t.true(climb({ fault: 'no-boot' }).includes('cycle last-good'));
  t.false(climb({ hasLastGood: false }).some((step) => step.endsWith('last-good')));
  t.deepEqual(new Set(climb({ fault: 'silent' })), new Set(['cycle usual', 'quarantine']));
});

test('nextStep() cycles nothing where that may not be', (t) => {
  t.deepEqual(climb({ isHard: false, retries: 3 }), [
    'wait',
    'let usual',
    'let usual',
    'let careful',
    'quarantine',
  ]);
  t.deepEqual(climb({ isHard: false, fault: 'silent' }), ['quarantine']);
});

test('nextStep() keeps to boot.hardPerHour, and goes on an hour later', (t) => {
  t.deepEqual(climb({ hardPerHour: 2 }), ['wait', 'cycle usual', 'cycle usual', 'later']);
  const series = { ...NEW_SERIES, hasWaited: true, tries: 2, cycles: [1, 2] };
  t.is(nextStep(series, { ...means, hardPerHour: 2 }, HOUR).kind, 'later');
  t.is(nextStep(series, { ...means, hardPerHour: 2 }, HOUR + 1).kind, 'cycle');
});

test('nextStep() does nothing for a board in quarantine', (t) => {
  t.is(nextStep({ ...NEW_SERIES, quarantine: 'why' }, means, 1).kind, 'none');
});

const fine = { age: 1e9, hasLink: true, hasNfs: true, halted: 0, silent: 0, live: 30 };
const TROUBLES: readonly [string, Partial<typeof fine>, RegExp | undefined][] = [
  ['all is well', {}, undefined],
  ['no link', { hasLink: false }, /no link/],
  ['no NFS', { hasNfs: false }, /NFS/],
  ['it started just now', { age: 1e6 }, /just started/],
  ['many boards at once', { halted: 15 }, /15 boards/],
  ['few boards of many', { halted: 14 }, undefined],
  ['all of three boards', { halted: 3, live: 3 }, undefined],
  [
    'few of many, that fell silent',
    { halted: 4, silent: 4, live: 96 },
    /^4 boards fell silent within a minute: a switch/,
  ],
];

for (const [title, given, expected] of TROUBLES) {
  test(`serverTrouble(): ${title}`, (t) => {
    const trouble = serverTrouble({ ...fine, ...given });
    if (expected === undefined) t.is(trouble, undefined);
    else t.regex(trouble ?? '', expected);
  });
}
