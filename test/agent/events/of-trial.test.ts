import test from 'ava';
import { trialName } from '../../../agent/boot/names.ts';
import type { ServerEvent } from '../../../agent/events/event.ts';
import { isOfTrial } from '../../../agent/events/of-trial.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';

const MAC = '52:54:00:0a:0b:0c';
const real = nodeNamed('pc-1', { ip: '192.168.152.2' });
const trial = {
  ...real,
  mac: MAC,
  ip: '192.168.152.9',
  name: trialName(MAC),
  isTrial: true,
} as const;
const known = {
  isTrial: (mac: string) => mac === MAC,
  byIp: (ip: string) => [real, trial].find((device) => device.ip === ip),
};
const refused = { kind: 'refused-file', path: 'x', reason: 'y' } as const;

const CASES: readonly [boolean, ServerEvent][] = [
  [true, { kind: 'signal', mac: MAC, signal: { kind: 'booted' } }],
  [true, { kind: 'machine-said', node: trial.name, text: 'is powered on' }],
  [true, { kind: 'machine-said', node: MAC, text: 'is powered on' }],
  [true, { kind: 'device-changed', before: trial, after: undefined }],
  [true, { ...refused, from: trial.ip }],
  [false, { ...refused, from: real.ip }],
  [false, { kind: 'signal', mac: real.mac, signal: { kind: 'booted' } }],
  [false, { kind: 'device-changed', before: undefined, after: real }],
  [false, { kind: 'hot-pack', image: 'a/b:latest', model: 'pc-x86-64', bytes: 1 }],
];

for (const [isIt, event] of CASES) {
  test(`isOfTrial() ${isIt ? 'knows' : 'leaves'} ${JSON.stringify(event)}`, (t) => {
    t.is(isOfTrial(event, known), isIt);
  });
}
