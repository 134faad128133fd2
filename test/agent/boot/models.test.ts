import test from 'ava';
import { architecturesOf, isLongModeCapable, modelOf, models } from '../../../agent/boot/models.ts';
import { boards } from '../../../scripts/boards.ts';

test('models have names of their own', (t) => {
  t.is(new Set(models.map(({ name }) => name)).size, models.length);
});

/** OCI's platforms, by Debian's names of architectures (Debian wiki, "ArchitectureSpecificsMemo"). */
const PLATFORMS = {
  amd64: { architecture: 'amd64' },
  i386: { architecture: '386' },
  armel: { architecture: 'arm', variant: 'v6' },
  armhf: { architecture: 'arm', variant: 'v7' },
  arm64: { architecture: 'arm64' },
};

const FAMILIES = { pc: 'pc', rpi: 'raspberry-pi', 'u-boot': 'u-boot' };

for (const { model, family, architecture } of boards) {
  test(`the server knows of a ${model} what the builds know`, (t) => {
    const row = models.find(({ name }) => name === model);
    t.is(row?.family, FAMILIES[family] as never);
    t.deepEqual(row?.platforms[0], PLATFORMS[architecture]);
    t.is(row?.startFile, family === 'pc' ? 'start.ipxe' : 'start.uboot');
  });
}

test('models start from a disk of their own where they can have one, and say why not elsewhere', (t) => {
  for (const { name, localStart } of models) {
    const isWithout = ['rpi-a', 'rpi-a-plus', 'rpi-zero'].includes(name);
    t.is(localStart.kind === 'none', isWithout, name);
  }
  t.is(modelOf('foo-7.x').localStart.kind, 'loader');
});

for (const [name, expected] of [
  ['pc-x86-64', { family: 'pc', startFile: 'start.ipxe', mayHaveSecureBoot: true }],
  ['pc-of-tomorrow', { family: 'pc', startFile: 'start.ipxe', platforms: [] }],
  ['rpi-5-b', { family: 'raspberry-pi', startFile: 'start.uboot', mayHaveSecureBoot: false }],
  ['coral-dev-board-mini', { family: 'u-boot', startFile: 'start.uboot' }],
  ['foo-7.x', { family: 'u-boot', startFile: 'start.uboot', platforms: [] }],
] as const) {
  test(`modelOf() tells what a ${name} is`, (t) => {
    t.like(modelOf(name), { name, ...expected });
  });
}

test('architecturesOf() has each architecture once, best first', (t) => {
  t.deepEqual(architecturesOf('pc-x86-64'), ['amd64', '386']);
  t.deepEqual(architecturesOf('rpi-b'), ['arm']);
  t.deepEqual(architecturesOf('rpi-9'), ['arm64', 'arm']);
  t.deepEqual(architecturesOf('foo'), []);
});

test('isLongModeCapable() is so for 64-bit PCs', (t) => {
  t.deepEqual(
    models.filter(({ name }) => isLongModeCapable(name)).map(({ name }) => name),
    ['pc-x86-64'],
  );
});

test('models of the family pc alone are named in what GRUB asks for, or told by how their names begin', (t) => {
  for (const { name, family } of models) t.is(name.startsWith('pc-'), family === 'pc', name);
});
