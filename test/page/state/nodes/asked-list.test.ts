import test from 'ava';
import type { LiveEvent } from '../../../../page/server/live.ts';
import { AskedList } from '../../../../page/state/nodes/asked-list.ts';
import type { NodeView } from '../../../../page/state/nodes/node-view.ts';

const node = (state: NodeView['state']): NodeView => ({
  ...{ name: 'pc-1', type: 'physical', model: 'pc-x86-64', image: 'alice/pc:latest' },
  ...{ owner: 'alice', ip: '192.0.2.1', mac: '52:54:00:00:00:01', netsetup: 'LAN' },
  ...{ bootsLocal: false, poweredOff: false, booted: state === 'booted', state, since: 1 },
});
const booted: LiveEvent = {
  ...{ kind: 'boot', name: 'pc-1', mac: '52:54:00:00:00:01', boot: 1, state: 'booted' },
  ...{ signal: { kind: 'booted' }, time: '2026-11-26T10:00:00.000Z' },
} as never;

test('an answer that is older than what was told since is brought up to date', (t) => {
  const list = new AskedList();
  const question = list.ask();
  list.tell([booted]);
  t.is(list.answer(question, [node('mounted')])?.[0]?.state, 'booted');
  list.tell([booted]);
  t.is(list.answer(list.ask(), [node('down')])?.[0]?.state, 'down');
});

test('the answer to an older question replaces no newer one', (t) => {
  const list = new AskedList();
  const [first, second] = [list.ask(), list.ask()];
  t.is(list.answer(second, [node('booted')])?.[0]?.state, 'booted');
  t.is(list.answer(first, [node('down')]), undefined);
});

test('what was asked for by who has logged out since is shown to nobody', (t) => {
  const list = new AskedList();
  const question = list.ask();
  list.drop();
  t.is(list.answer(question, [node('booted')]), undefined);
});
