// Trials with the real registry, boot book and publisher; machine and pack are small stand-ins for QEMU and for what NFS reads.
import test from 'ava';
import type { BootSignal } from '../../../../agent/boot/progress.ts';
import { WaltError } from '../../../../agent/errors.ts';
import { HotTrials } from '../../../../agent/hot/trials/trials.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { openRecords } from '../../../support/records.ts';

const MAC = '52:54:00:0a:0b:0c';
const IMAGE = 'waltplatform/pc-x86-64-default:latest';
const REAL = { ...nodeNamed('pc-1', { ip: '192.168.152.2' }), root: 'k1' };
const DISCOVER: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const BOOTED: BootSignal = { kind: 'booted' };

type Setting = {
  /** what its machine does once it is on */
  readonly isOn?: (mac: string) => void;
  readonly longest?: number;
  readonly makesPack?: boolean;
  readonly complaint?: string;
};

async function open({ isOn = () => undefined, makesPack = true, ...options }: Setting = {}) {
  const records = await openRecords();
  const { registry, publisher, clock } = records;
  await put(registry, REAL);
  const machines: string[] = [];
  const givenUp: string[] = [];
  const yields: ((mac: string) => Promise<void>)[] = [];
  let hasPack = false;
  const trials = new HotTrials({
    ...{ when: 'always', registry, publisher, clock, ...options },
    complaint: async () => options.complaint,
    machines: {
      add: async (mac) => {
        machines.push(`on ${mac}`);
        isOn(mac);
      },
      remove: async (mac) => {
        machines.push(`removed ${mac}`);
      },
      makeRoomBy: (makeRoom) => {
        yields.push(makeRoom);
      },
    },
    packs: {
      settled: async () => {
        hasPack = makesPack;
      },
      of: async () => (hasPack ? [{ model: 'pc-x86-64', bytes: 1, files: 1 }] : []),
    },
    candidates: async (done) =>
      done.has('k1') ? [] : [{ image: IMAGE, key: 'k1', hasPack, isInUse: false }],
    moment: () => ({ isBooting: false, freeBytes: 2 ** 33, load: 0 }),
    reserveAddress: async () => '192.168.152.9',
    newMac: () => MAC,
    onGivenUp: (image, reason) => givenUp.push(`${image}: ${reason}`),
  });
  const signal = (mac: string, one: BootSignal) =>
    publisher.publish([{ kind: 'signal', mac, signal: one }]);
  const makeRoom = async (mac: string) => {
    for (const each of yields) await each(mac);
  };
  return { ...records, trials, machines, givenUp, signal, makeRoom };
}

const ONCE = [`on ${MAC}`, `removed ${MAC}`];

test('HotTrials boots an image once, in a machine that no list, log, event or disk has', async (t) => {
  const seen: unknown[] = [];
  const lab = await open({
    isOn: (mac) => {
      const { registry, signal } = lab;
      signal(mac, DISCOVER);
      seen.push(registry.byMac(mac)?.root, registry.byIp('192.168.152.9')?.mac);
      seen.push(
        registry.all().map(({ name }) => name),
        registry.byName('0-trial-5254000a0b0c'),
      );
      signal(mac, BOOTED);
    },
  });
  const heard: string[] = [];
  lab.publisher.on('test', ['boot', 'signal', 'device-changed'], ({ kind }) => {
    heard.push(kind);
  });
  await lab.trials.look();
  await lab.trials.look();
  t.deepEqual(lab.machines, ONCE);
  t.deepEqual(seen, ['k1', MAC, ['pc-1'], undefined]);
  t.deepEqual([heard, lab.givenUp, lab.printed], [[], [], []]);
  t.is(lab.registry.byMac(MAC), undefined);
  lab.signal(MAC, { kind: 'down', cause: 'it is gone', method: 'hard' });
  t.deepEqual(heard, [], 'what comes late is nobody’s either');
  await lab.store.flush();
  const [devices, boots, lines] = await Promise.all([
    lab.database.selectFrom('devices').select('mac').execute(),
    lab.database.selectFrom('boots').select('mac').execute(),
    lab.database.selectFrom('logs').selectAll().execute(),
  ]);
  t.deepEqual([devices, boots, lines], [[{ mac: REAL.mac }], [], []]);
});

test('HotTrials makes way for a real boot of the same image, and tries again later', async (t) => {
  const lab = await open({
    isOn: (mac) => {
      lab.signal(mac, DISCOVER);
      lab.signal('52:54:00:00:00:77', DISCOVER);
      t.not(lab.registry.byMac(mac), undefined, 'others harm it not');
      lab.signal(REAL.mac, DISCOVER);
      t.is(lab.registry.byMac(mac), undefined, 'the real node is alone at once');
      lab.signal(REAL.mac, BOOTED);
    },
  });
  await lab.trials.look();
  await lab.trials.look();
  t.deepEqual([lab.machines, lab.givenUp], [[...ONCE, ...ONCE], []]);
  await lab.trials.look();
  await lab.trials.look();
  t.is(lab.machines.length, 6);
  t.deepEqual(lab.givenUp, [`${IMAGE}: others needed the machine each time`]);
});

test('HotTrials is gone before another machine gets its memory, and begins none once it is stopped', async (t) => {
  const lab = await open();
  const looked = lab.trials.look();
  while (lab.machines.length === 0) await new Promise(setImmediate);
  await lab.makeRoom(MAC);
  t.deepEqual(lab.machines, ONCE.slice(0, 1));
  await lab.makeRoom('52:54:00:00:00:01');
  t.deepEqual(lab.machines, ONCE);
  await looked;
  await lab.trials.stop();
  await lab.trials.look();
  t.deepEqual(lab.machines, ONCE);
});

const FAILS: readonly [string, Setting, string][] = [
  ['does not come up', { longest: 20 }, 'it was not up after ten minutes'],
  [
    'cannot be powered on',
    {
      isOn: () => {
        throw new WaltError('Cannot power it on: no QEMU');
      },
    },
    'Cannot power it on: no QEMU',
  ],
];
for (const [what, setting, reason] of FAILS) {
  test(`HotTrials gives an image up that ${what}, with one line`, async (t) => {
    const lab = await open(setting);
    await lab.trials.look();
    await lab.trials.look();
    t.deepEqual([lab.machines, lab.givenUp], [ONCE, [`${IMAGE}: ${reason}`]]);
    t.is(lab.registry.byMac(MAC), undefined);
  });
}

test('HotTrials gives an image up of whose boot nothing was recorded', async (t) => {
  const lab = await open({ isOn: (mac) => lab.signal(mac, BOOTED), makesPack: false });
  await lab.trials.look();
  await lab.trials.look();
  t.deepEqual(lab.givenUp, [`${IMAGE}: nothing was recorded of its boot`]);
  t.deepEqual(lab.machines, ONCE);
});

test('HotTrials boots nothing where no machine can', async (t) => {
  const lab = await open({ complaint: 'qemu-system-x86_64 is not installed' });
  await lab.trials.look();
  t.deepEqual([lab.machines, lab.givenUp], [[], []]);
});
