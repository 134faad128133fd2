import test from 'ava';
import { planOf } from '../../../../page/state/nodes/actions.ts';
import type { NodeView } from '../../../../page/state/nodes/node-view.ts';

const node = (name: string, owner: string, booted = false): NodeView => ({
  ...{ name, type: 'physical', model: 'pc-x86-64', image: `${owner}/pc:latest`, owner },
  ...{
    ip: '192.0.2.1',
    mac: '52:54:00:00:00:01',
    netsetup: 'LAN',
    bootsLocal: false,
    poweredOff: false,
  },
  ...{ booted, state: booted ? 'booted' : 'down', since: null },
});
const NODES = [node('own', 'alice', true), node('free', 'waltplatform'), node('bobs', 'bob', true)];
const plan = (action: Parameters<typeof planOf>[0], image = '') =>
  planOf(action, { nodes: NODES, user: 'alice', image });

test('planOf() says of each node what will happen, those alike together', (t) => {
  const { effects } = plan('acquire');
  t.deepEqual(
    effects.map(({ names }) => names),
    [['own'], ['free', 'bobs']],
  );
  t.regex(effects[0]?.text ?? '', /yours already/);
  t.regex(effects[1]?.text ?? '', /Becomes yours/);
});

test('planOf() names nodes of others, and those that have to reboot', (t) => {
  const { ofOthers, running } = plan('boot', 'alice/web:v2');
  t.deepEqual(
    ofOthers.map(({ name }) => name),
    ['bobs'],
  );
  t.deepEqual(running, ['own', 'bobs']);
  t.deepEqual(plan('off').running, []);
});

test('planOf() says which image a node had, and what power does to a running one', (t) => {
  t.regex(plan('boot', 'alice/web:v2').effects[0]?.text ?? '', /web:v2 .*in place of alice\/pc/);
  t.regex(plan('boot', 'alice/pc:latest').effects[0]?.text ?? '', /already/);
  t.regex(plan('off').effects[0]?.text ?? '', /while it runs/);
  t.regex(plan('release').effects[1]?.text ?? '', /free already/);
});
