import test from 'ava';
import type { Check, Patient } from '../../../agent/doctor/check.ts';
import { checks } from '../../../agent/doctor/checks.ts';
import { images } from '../../../agent/doctor/content/images.ts';
import { registries } from '../../../agent/doctor/content/registries.ts';
import { kvm } from '../../../agent/doctor/machine/kvm.ts';
import { link } from '../../../agent/doctor/network/link.ts';
import { runChecks } from '../../../agent/doctor/run-checks.ts';
import { MediaShelf } from '../../../agent/media/media-shelf.ts';

const patient: Patient = {
  state: '/nonexistent',
  networkInterface: 'nonexistent',
  address: '127.0.0.1',
  broadcast: '127.255.255.255',
  ports: { tftp: 9, http: 9, bootup: 9 },
  dhcpMode: 'server',
  mac: '02:00:00:00:00:01',
  bootFile: undefined,
  places: [],
  models: () => [],
  hasImage: () => false,
  imageCount: () => 0,
  accelerator: async () => ({ kind: 'kvm', why: 'it works' }),
  shelf: new MediaShelf(undefined),
  certificateEnds: () => undefined,
  program: undefined,
};

test('each check has a name of its own', (t) => {
  const names = checks.map(({ name }) => name);
  t.is(new Set(names).size, names.length);
  for (const name of names) t.regex(name, /^[a-z-]+$/);
});

test('runChecks() ends a check that does not end, and tells it so', async (t) => {
  let wasStopped = false;
  const endless: Check = {
    name: 'endless',
    seconds: 0.01,
    run: (_, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          wasStopped = true;
        });
      }),
  };
  const [checked] = await runChecks([endless], patient);
  t.like(checked, { status: 'failed', detail: 'it did not end within 0.01 s' });
  t.true(wasStopped);
});

test('runChecks() makes a failure of what a check throws, at once or later, and runs the others', async (t) => {
  const run: Check['run'] = async () => ({ status: 'ok', detail: '' });
  const throwing: Check['run'] = () => {
    throw new Error('broken');
  };
  const table: Check[] = [
    { name: 'a', run: throwing },
    { name: 'b', run: async () => throwing({} as never, {} as never) },
    { name: 'c', run },
  ];
  const found = await runChecks(table, patient);
  t.deepEqual(
    found.map(({ name, status, detail }) => [name, status, detail]),
    [
      ['a', 'failed', 'broken'],
      ['b', 'failed', 'broken'],
      ['c', 'ok', ''],
    ],
  );
});

test('a server that is not there at all has findings, and no more', async (t) => {
  const found = await runChecks([images, link], patient);
  t.deepEqual(
    found.map(({ status }) => status),
    ['warning', 'failed'],
  );
});

test('images: each model that came needs one', async (t) => {
  const models = () => ['rpi-4-b', 'pc-x86-64', 'rpi-4-b'];
  const [none] = await runChecks([images], { ...patient, models });
  t.is(none?.detail, 'there is no default image for pc-x86-64, rpi-4-b');
  const [all] = await runChecks([images], {
    ...{ ...patient, models },
    hasImage: () => true,
    imageCount: () => 1,
  });
  t.like(all, { status: 'ok', detail: 'for pc-x86-64, rpi-4-b' });
});

test('kvm: says what who starts QEMU has found out, wherever it looks from itself', async (t) => {
  const why = 'a probe boot with KVM failed: the firmware did not come to its end';
  const accelerator = async () => ({ kind: 'tcg', why }) as const;
  const [emulated] = await runChecks([kvm], { ...patient, accelerator });
  t.like(emulated, { status: 'warning', detail: why });
  const [fast] = await runChecks([kvm], patient);
  t.like(fast, { status: 'ok', detail: 'it works' });
});

test('registries: says which one is not reached, and why', async (t) => {
  const places = [
    { name: 'here', folder: '/x', reach: async () => undefined },
    { name: 'good', reach: async () => undefined },
    {
      name: 'bad',
      reach: async () => {
        throw new Error('connect ECONNREFUSED 127.0.0.1:5000');
      },
    },
  ];
  const [found] = await runChecks([registries], { ...patient, places });
  t.like(found, { status: 'warning', detail: 'bad: nothing listens there (127.0.0.1:5000)' });
});
