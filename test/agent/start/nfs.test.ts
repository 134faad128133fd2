// What becomes of a server whose NFS does not take all: it starts, says so once, and tries again.
import test from 'ava';
import type { Registry } from '../../../agent/devices/registry.ts';
import { WaltError } from '../../../agent/errors.ts';
import { Publisher } from '../../../agent/events/publisher.ts';
import type { KeptShares } from '../../../agent/keeping/kept-shares.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';
import { startNfs } from '../../../agent/start/images/nfs.ts';
import { eventually } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('startNfs() lets a server start whose image is gone, says so once, and serves it when it is back', async (t) => {
  const said: string[] = [];
  let isThere = false;
  let applied = 0;
  const nfs = {
    start: async () => undefined,
    apply: async () => {
      applied += 1;
      if (!isThere) throw new WaltError('Cannot export it: nothing is mounted there');
    },
    detach: () => undefined,
    stop: async () => undefined,
  };
  await using services = new AsyncDisposableStack();
  const parts = {
    ...{ folder: await temporaryFolder(t), subnet: parseCidr('192.0.2.1/24') },
    registry: { all: () => [], byMac: () => undefined } as unknown as Registry,
    images: Promise.resolve({ rootOf: (key: string) => `/images/${key}` }),
    shares: {} as KeptShares,
    publisher: new Publisher({ clock: () => 0, onFailure: (line) => t.fail(line) }),
    problem: () => (reason: unknown) => said.push((reason as Error).message),
    helpers: { nfs: async () => nfs, mounter: undefined as never },
    againMs: 10,
  };
  await t.notThrowsAsync(startNfs({ backend: 'ganesha' }, parts, services));
  await eventually(
    async () => applied,
    (count) => count > 3,
    30,
  );
  t.deepEqual(said, ['Cannot export it: nothing is mounted there']);
  isThere = true;
  const before = applied;
  await eventually(
    async () => applied,
    (count) => count > before,
    30,
  );
  t.is(said.length, 1);
});

test('startNfs() refuses to start where NFS cannot be served at all', async (t) => {
  const nfs = {
    start: async () => {
      throw new WaltError('Cannot serve NFS: another program listens');
    },
    apply: async () => undefined,
    detach: () => undefined,
    stop: async () => undefined,
  };
  await using services = new AsyncDisposableStack();
  const parts = {
    ...{ folder: await temporaryFolder(t), subnet: parseCidr('192.0.2.1/24') },
    registry: { all: () => [], byMac: () => undefined } as unknown as Registry,
    images: Promise.resolve({ rootOf: (key: string) => `/images/${key}` }),
    shares: {} as KeptShares,
    publisher: new Publisher({ clock: () => 0, onFailure: (line) => t.fail(line) }),
    problem: () => (reason: unknown) => t.fail((reason as Error).message),
    helpers: { nfs: async () => nfs, mounter: undefined as never },
  };
  await t.throwsAsync(startNfs({ backend: 'ganesha' }, parts, services), {
    message: /another program/,
  });
});
