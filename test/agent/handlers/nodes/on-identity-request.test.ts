import test from 'ava';
import type { BootState } from '../../../../agent/boot/progress.ts';
import {
  type IdentityContext,
  onIdentityRequest,
} from '../../../../agent/handlers/nodes/on-identity-request.ts';
import { Refusals } from '../../../../agent/handlers/nodes/refusals.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';

const node = nodeNamed('pc', { ip: '192.168.152.2' });
const waiting = {
  ...node,
  ip: '192.168.152.3',
  mac: '52:54:00:00:00:03',
  type: 'unknown',
} as const;
const IDENTITY = { hostKey: 'private\n', publicKey: 'public', machineId: 'id' };

/** What was given, by number of the boot. */
function open(state: BootState | undefined, give: IdentityContext['identities']['give']) {
  const devices = [node, waiting];
  let now = 0;
  const context: IdentityContext = {
    registry: { byIp: (address) => devices.find(({ ip }) => ip === address) },
    boots: { bootOf: () => (state === undefined ? undefined : { id: 7, state }) },
    identities: { give },
    refusals: new Refusals(() => now),
  };
  return {
    ask: (address: string, port: number) => onIdentityRequest({ address, port }, context),
    later: () => {
      now += 60_001;
    },
  };
}

const always = async () => IDENTITY;

for (const state of ['files', 'mounted'] as const) {
  test(`onIdentityRequest() tells a node that has come as far as ${state}`, async (t) => {
    const { found, device, events } = await open(state, always).ask(node.ip, 1023);
    t.deepEqual(found, { kind: 'bytes', bytes: Buffer.from('id\npublic\nprivate\n') });
    t.deepEqual([device?.mac, events], [node.mac, []]);
  });
}

for (const state of ['dhcp', 'booted', 'unconfirmed', 'down', undefined] as const) {
  test(`onIdentityRequest() refuses a node whose boot is ${state ?? 'unknown'}`, async (t) => {
    const { found, device } = await open(state, async () => t.fail() as never).ask(node.ip, 600);
    t.deepEqual([found, device], [{ kind: 'refused', reason: 'pc is not booting' }, undefined]);
  });
}

for (const [what, address, port, reason] of [
  ['an ordinary port', node.ip, 1024, /port 1024 is one that everybody/],
  ['the highest port', node.ip, 65_535, /port 65535/],
  ['a device that is no node', waiting.ip, 600, /no node has this address/],
  ['an address of nobody', '192.168.152.9', 600, /no node has this address/],
] as const) {
  test(`onIdentityRequest() refuses ${what}`, async (t) => {
    const { found } = await open('files', async () => t.fail() as never).ask(address, port);
    t.is(found.kind, 'refused');
    t.regex(found.kind === 'refused' ? found.reason : '', reason);
  });
}

test('onIdentityRequest() writes one line a minute of an address that is refused', async (t) => {
  const { ask, later } = open('files', async () => undefined);
  const path = 'walt-identity';
  const reason = 'this boot of pc has been given it already';
  const line = { kind: 'refused-file', from: node.ip, path, reason } as const;
  t.deepEqual((await ask(node.ip, 600)).events, [line]);
  t.deepEqual((await ask(node.ip, 600)).events, []);
  later();
  const more = `${reason} (1 more were refused since the last line)`;
  t.deepEqual((await ask(node.ip, 600)).events, [{ ...line, reason: more }]);
});

test('onIdentityRequest() says what kept an identity from a node, and goes on', async (t) => {
  const { ask } = open('files', () => Promise.reject(new Error('ENOSPC: no space')));
  const { found, events } = await ask(node.ip, 600);
  t.deepEqual((await ask(node.ip, 600)).events, [], 'once a minute');
  t.is(found.kind, 'not-found');
  t.like(events, [
    {
      kind: 'problem',
      source: 'identities',
      message: 'Cannot tell pc who it is: ENOSPC: no space',
    },
  ]);
});
