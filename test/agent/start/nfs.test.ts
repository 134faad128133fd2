// What becomes of a server whose NFS does not take all: it starts, says so once, and tries again.
import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Node } from '../../../agent/devices/device.ts';
import { Registry } from '../../../agent/devices/registry.ts';
import { WaltError } from '../../../agent/errors.ts';
import { Publisher } from '../../../agent/events/publisher.ts';
import type { KeptShares } from '../../../agent/keeping/kept-shares.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';
import { startNfs } from '../../../agent/start/images/nfs.ts';
import { eventually } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

type Wanted = {
  readonly start?: () => Promise<void>;
  readonly apply?: () => Promise<void>;
  readonly problem?: (reason: unknown) => void;
};

/** Starts it with an NFS service that does what the test says, until the test is over. */
async function open(t: ExecutionContext, { start, apply, problem = () => t.fail() }: Wanted) {
  const services = new AsyncDisposableStack();
  t.teardown(() => services.disposeAsync());
  const nothing = async () => undefined;
  const nfs = { start, apply, stop: nothing, detach: () => undefined };
  const all = { ...nfs, start: start ?? nothing, apply: apply ?? nothing };
  const parts = {
    ...{ folder: await temporaryFolder(t), subnet: parseCidr('192.0.2.1/24') },
    registry: new Registry({ records: { write: nothing } as never }),
    images: Promise.resolve({ rootOf: (key: string) => `/images/${key}` }),
    shares: {} as KeptShares,
    publisher: new Publisher({ clock: () => 0, onFailure: (line) => t.fail(line) }),
    problem: () => problem,
    helpers: { nfs: async () => all, mounter: undefined as never },
    againMs: 10,
  };
  await startNfs({ backend: 'ganesha' }, parts, services);
  return parts;
}

test('startNfs() lets a server start whose image is gone, says so once, and serves it when it is back', async (t) => {
  const said: string[] = [];
  let isThere = false;
  let applied = 0;
  const apply = async () => {
    applied += 1;
    if (!isThere) throw new WaltError('Cannot export it: nothing is mounted there');
  };
  await t.notThrowsAsync(
    open(t, { apply, problem: (reason) => said.push((reason as Error).message) }),
  );
  const untilMoreThan = (count: number) =>
    eventually(
      async () => applied,
      (now) => now > count,
      30,
    );
  await untilMoreThan(3);
  t.deepEqual(said, ['Cannot export it: nothing is mounted there']);
  isThere = true;
  await untilMoreThan(applied);
  t.is(said.length, 1);
});

test('startNfs() refuses to start where NFS cannot be served at all', async (t) => {
  const start = async () => {
    throw new WaltError('Cannot serve NFS: another program listens');
  };
  await t.throwsAsync(open(t, { start }), { message: /another program/ });
});

test('startNfs() tells NFS once of all nodes that came while it was told of others', async (t) => {
  const held = Promise.withResolvers<void>();
  let applied = 0;
  const apply = async () => {
    applied += 1;
    if (applied === 2) await held.promise;
  };
  const { publisher } = await open(t, { apply });
  t.is(applied, 1);
  for (let one = 1; one <= 100; one += 1) {
    const after = { type: 'node', ip: `192.0.2.${one}`, firstFile: 1 } as Node;
    publisher.publish([{ kind: 'device-changed', before: undefined, after }]);
  }
  await nextTurn();
  t.is(applied, 2);
  held.resolve();
  await eventually(
    async () => applied,
    (count) => count > 2,
    30,
  );
  await nextTurn();
  t.is(applied, 3);
});
