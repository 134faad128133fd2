import test from 'ava';
import type { Speaker } from '../../../../agent/boot/request.ts';
import type { Device } from '../../../../agent/devices/device.ts';
import { DoubleBoots } from '../../../../agent/handlers/dhcp/double-boots.ts';

const mac = '52:54:00:f2:67:82';
const node: Device = {
  ...{ mac, ip: '192.168.152.60', name: 'pc-1', type: 'node', firstSeen: 1 },
  ...{ model: 'pc-x86-64', image: 'a/b:latest', root: 'sha256:aa' },
};
const loader = { mac, speaker: 'walt-loader' } as const;

function open(what: { readonly isBooted?: boolean; readonly isThere?: boolean }) {
  const { isBooted = true, isThere = true } = what;
  const time = { now: 0 };
  const doubles = new DoubleBoots({
    isBooted: () => isBooted,
    answers: async () => isThere,
    now: () => time.now,
  });
  return { doubles, time };
}

for (const [title, state, speaker, device, isDouble] of [
  ['a loader while the node is up and answers', {}, 'walt-loader', node, true],
  ['firmware while the node is up and answers', {}, 'pxe', node, true],
  ['a node that lost its power', { isThere: false }, 'walt-loader', node, false],
  ['a node that is down', { isBooted: false }, 'walt-loader', node, false],
  ['the system of the node', {}, 'system', node, false],
  ['a device that is no node', {}, 'walt-loader', { ...node, type: 'unknown' }, false],
  ['a new device', {}, 'walt-loader', undefined, false],
] as const satisfies readonly (readonly [string, object, Speaker, Device | undefined, boolean])[]) {
  test(`DoubleBoots.check() finds ${isDouble ? 'another machine' : 'none'} in ${title}`, async (t) => {
    const { doubles } = open(state);
    const events = await doubles.check({ ...loader, speaker }, device);
    t.deepEqual(events, isDouble ? [{ kind: 'double-boot', node }] : undefined);
  });
}

test('DoubleBoots.check() says it once for all packets, and again when it was quiet meanwhile', async (t) => {
  const { doubles, time } = open({});
  t.is((await doubles.check(loader, node))?.length, 1);
  for (let packets = 0; packets < 5; packets += 1) {
    time.now += 500_000;
    t.deepEqual(await doubles.check(loader, node), [], 'no answer, and no line');
  }
  time.now += 600_000;
  t.is((await doubles.check(loader, node))?.length, 1);
});
