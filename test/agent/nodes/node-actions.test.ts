import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { RequestError } from '../../../agent/errors.ts';
import { NodeActions } from '../../../agent/nodes/node-actions.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { signal } = new AbortController();
const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const booted: BootSignal = { kind: 'booted' };

async function open(file?: string) {
  const records = await openRecords(file);
  return { ...records, actions: new NodeActions(records) };
}

/** A server that was restarted while its node ran. */
async function restarted(t: ExecutionContext) {
  const file = join(await temporaryFolder(t), 'walt.db');
  const before = await open(file);
  const node = nodeNamed('pc-1', { ip: '192.168.152.2', image: 'bob/web:v1' });
  await put(before.registry, node);
  before.publish([discover, booted].map((one) => ({ kind: 'signal', mac: node.mac, signal: one })));
  t.deepEqual(await before.actions.wait(['pc-1'], { timeoutMs: 0, signal }), []);
  await before.store.close();
  const after = await open(file);
  t.teardown(() => after.store.close());
  const say = (one: BootSignal) => after.publish([{ kind: 'signal', mac: node.mac, signal: one }]);
  return { ...after, say };
}

test('NodeActions.wait() takes no node for booted that was so before the server was restarted', async (t) => {
  const { actions, say } = await restarted(t);
  t.deepEqual(await actions.wait(['pc-1'], { timeoutMs: 0, signal }), ['pc-1']);
  const waiting = actions.wait(['pc-1'], { timeoutMs: 60_000, signal });
  say(booted);
  t.deepEqual(await waiting, []);
});

test('NodeActions.wait() waits for the boot that a node began while the server was away', async (t) => {
  const { actions, say, printed } = await restarted(t);
  say(discover);
  t.deepEqual(await actions.wait(['pc-1'], { timeoutMs: 0, signal }), ['pc-1']);
  t.regex(printed[0] ?? '', /node pc-1 is down \(cause: its boot loader asks .*method: dhcp/);
  const waiting = actions.wait(['pc-1'], { timeoutMs: 60_000, signal });
  say(booted);
  t.deepEqual(await waiting, []);
  t.deepEqual(printed.slice(1), ['platform.nodes -> node pc-1 is booted']);
});

test('NodeActions leave the node of another user alone, and say whose it is', async (t) => {
  const { actions } = await restarted(t);
  const asking = { by: 'alice', takesOthers: false };
  const told = { instanceOf: RequestError, message: /belong to other users: pc-1 \(of bob\)/ };
  await t.throwsAsync(actions.rename('pc-1', 'mine', asking), told);
});
