import test from 'ava';
import { withEvents } from '../../../../page/state/nodes/node-changes.ts';
import type { NodeView } from '../../../../page/state/nodes/node-view.ts';

const node = (name: string, state: NodeView['state'] = 'down'): NodeView => ({
  ...{ name, type: 'physical', model: 'pc-x86-64', image: 'alice/pc:latest', owner: 'alice' },
  ...{
    ip: '192.0.2.1',
    mac: '52:54:00:00:00:01',
    netsetup: 'LAN',
    bootsLocal: false,
    poweredOff: false,
  },
  ...{ booted: state === 'booted', state, since: 1 },
});
const TIME = '2026-11-26T10:00:00.000Z';
const SIGNAL = { kind: 'mounted' } as const;
const boot = {
  kind: 'boot',
  mac: '52:54:00:00:00:01',
  boot: 1,
  signal: SIGNAL,
  time: TIME,
} as const;

test('withEvents() tells how far a boot is, and when it began', (t) => {
  const events = [
    { ...boot, name: 'pc-1', state: 'dhcp', attempt: 1 },
    { ...boot, name: 'pc-1', state: 'mounted' },
  ] as const;
  const { nodes, isWhole } = withEvents([node('pc-1'), node('pc-2')], events);
  t.like(nodes, [
    { name: 'pc-1', state: 'mounted', booted: false, since: Date.parse(TIME) * 1000 },
    { name: 'pc-2', state: 'down' },
  ]);
  t.true(isWhole);
  t.true(withEvents(nodes, [{ ...boot, name: 'pc-1', state: 'booted' }]).nodes[0]?.booted);
});

test('withEvents() keeps nodes that nothing happened to as the same objects', (t) => {
  const before = [node('pc-1'), node('pc-2')];
  const { nodes } = withEvents(before, [{ ...boot, name: 'pc-1', state: 'files' }]);
  t.is(nodes[1], before[1]);
  t.not(nodes[0], before[0]);
});

test('withEvents() follows a node under its new name', (t) => {
  const { nodes, isWhole } = withEvents(
    [node('pc-1')],
    [
      { kind: 'renamed', from: 'pc-1', to: 'web', time: TIME },
      { ...boot, name: 'web', state: 'booted' },
    ],
  );
  t.like(nodes, [{ name: 'web', state: 'booted' }]);
  t.true(isWhole);
});

test('withEvents() asks for the list where an event does not say all', (t) => {
  const of = { time: TIME, name: 'pc-1', mac: '52:54:00:00:00:01' };
  const isWhole = (event: Parameters<typeof withEvents>[1][number]) =>
    withEvents([node('pc-1')], [event]).isWhole;
  t.false(isWhole({ ...boot, name: 'new', state: 'dhcp' }));
  t.false(isWhole({ kind: 'new-node', wasUnknown: true, ...of }));
  t.false(isWhole({ kind: 'device-changed', ...of }));
  t.false(isWhole({ kind: 'forgotten', ...of }));
  t.true(isWhole({ kind: 'forgotten', ...of, name: 'printer' }));
  t.true(isWhole({ kind: 'healing', name: 'pc-1', what: 'healed', text: '', time: TIME }));
});
