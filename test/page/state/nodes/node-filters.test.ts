import test from 'ava';
import { filtered, groupOf } from '../../../../page/state/nodes/node-filters.ts';
import type { NodeView } from '../../../../page/state/nodes/node-view.ts';

const node = (name: string, more: Partial<NodeView> = {}): NodeView => ({
  ...{ name, type: 'physical', model: 'pc-x86-64', image: 'alice/pc:latest', owner: 'alice' },
  ...{
    ip: '192.0.2.1',
    mac: '52:54:00:00:00:01',
    netsetup: 'LAN',
    bootsLocal: false,
    poweredOff: false,
  },
  ...{ booted: false, state: 'down', since: null, ...more },
});
const ALL = { text: '', group: '', owner: '', model: '' };
const NODES = [
  node('pc-10', { owner: 'waltplatform', image: 'waltplatform/pc:latest' }),
  node('pc-9', { state: 'booted', booted: true }),
  node('pi-1', { model: 'rpi-4-b', owner: 'bob', image: 'bob/web:v2', state: 'mounted' }),
  node('pi-2', { model: 'rpi-4-b', state: 'stalled' }),
];
const names = (filters: Partial<typeof ALL>) =>
  filtered(NODES, { ...ALL, ...filters }, 'alice').map(({ name }) => name);

test('filtered() sorts names with numbers as people do', (t) => {
  t.deepEqual(names({}), ['pc-9', 'pc-10', 'pi-1', 'pi-2']);
});

const CASES: readonly (readonly [string, Partial<typeof ALL>, readonly string[]])[] = [
  ['text', { text: 'PI' }, ['pi-1', 'pi-2']],
  ['several words, anywhere', { text: 'rpi web' }, ['pi-1']],
  ['a state', { group: 'booting' }, ['pi-1']],
  ['what needs attention', { group: 'trouble' }, ['pi-2']],
  ['own nodes', { owner: 'mine' }, ['pc-9', 'pi-2']],
  ['free nodes', { owner: 'free' }, ['pc-10']],
  ['nodes of others', { owner: 'others' }, ['pi-1']],
  ['a model and a state', { model: 'rpi-4-b', group: 'trouble' }, ['pi-2']],
  ['nothing that is there', { text: 'mac' }, []],
];

for (const [what, filters, expected] of CASES) {
  test(`filtered() shows ${what}`, (t) => t.deepEqual(names(filters), expected));
}

test('groupOf() counts a node on its own disk as running', (t) => {
  t.is(groupOf({ state: 'local' }), 'booted');
  t.is(groupOf({ state: 'asleep' }), 'down');
});
