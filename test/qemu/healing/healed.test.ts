// Real machines that freeze are healed without a person: a virtual node whose kernel file is cut off, and whose next kernel panics;
// and a PC that hangs, whose power is the port of an emulated switch.
import test, { type ExecutionContext } from 'ava';
import {
  createFrozenNode,
  type FrozenLab,
  openFrozenLab,
} from '../../support/machines/frozen-node.ts';
import { openPoweredPc } from '../../support/machines/powered-pc.ts';

const BOOT = 'boot/pc-x86-64';

/** A virtual node whose first boot ends in a cut kernel and whose second one in a panic: two power cycles, and it is up. */
async function freezeTwice(t: ExecutionContext, frozen: FrozenLab): Promise<void> {
  const kernel = await frozen.read(`${BOOT}/kernel`);
  const script = (await frozen.read(`${BOOT}/start.ipxe`)).toString();
  const half = { [`${BOOT}/kernel`]: kernel.subarray(0, kernel.length / 2) };
  // It finds no first program, and does not start anew by itself.
  const panics = { [`${BOOT}/start.ipxe`]: script.replace('panic=30', 'panic=0 rdinit=/none') };
  const image = await frozen.variant('half', half);
  const node = await createFrozenNode(frozen, { name: 'pc-1', image });
  const panicking = await frozen.variant('panics', panics);
  // The end of its decompressor is missing: the machine starts anew, again and again.
  await node.shows(/Probing EDD[\s\S]*SeaBIOS/);
  await node.isHelped(1);
  await node.put(panicking);
  await node.shows(/Kernel panic - not syncing/);
  await node.put(frozen.whole);
  await node.isHelped(2);
  await frozen.said(/node pc-1 is up again, after it was helped 2 times/);
  const shown = await frozen.lab.walt('node', 'show', 'pc-1');
  t.regex(shown, /FAILED .* mounted no root file system/);
}

/** It stands still in its loader. Nobody but the healer touches its power. */
async function hang(t: ExecutionContext, { lab, said }: FrozenLab): Promise<void> {
  const pc = await openPoweredPc(t, lab, { name: 'poe', mac: '52:54:00:00:0f:13' });
  const node = 'node-000f13';
  await pc.start();
  await said(new RegExp(`${node} is behind port ge3 of`));
  await pc.freeze();
  // Ten seconds for one that is frozen, ten minutes for one that boots.
  await lab.walt('node', 'config', node, 'power.driver=poe', 'boot.timeout=1000');
  await said(new RegExp(`node ${node} does not come up: .*its power is cycled \\(help 1 of`));
  await lab.walt('node', 'config', node, 'boot.timeout=60000');
  await said(new RegExp(`node ${node} is up again, after it was helped once`));
  t.deepEqual(pc.switched(), ['3 off', '3 on']);
}

test('a cut kernel, a panic and a loader that hangs are healed by the power of the machine', async (t) => {
  t.timeout(20 * 60_000);
  const frozen = await openFrozenLab(t, 'frozen');
  const both = await Promise.allSettled([freezeTwice(t, frozen), hang(t, frozen)]);
  const reasons = both.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  t.deepEqual(reasons, [], reasons.length > 0 ? await frozen.lab.serverLog() : '');
});
