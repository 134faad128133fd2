// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings of iPXE are written so
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { modelsOf, problemsOf } from '../../../../../agent/images/content/check/check.ts';
import { filesOf } from '../../../../support/images/tree-of.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const PC = { models: ['pc-x86-64'], architecture: 'amd64' };

/** The least that boots, as a Debian lays it out. */
async function image(t: ExecutionContext): Promise<string> {
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await mkdir(join(root, 'usr/sbin'));
  await mkdir(join(root, 'usr/lib/systemd'), { recursive: true });
  await mkdir(join(root, 'boot/pc-x86-64'), { recursive: true });
  for (const link of ['bin', 'sbin', 'lib']) await symlink(`usr/${link}`, join(root, link));
  await writeFile(join(root, 'usr/bin/busybox'), 'x');
  await writeFile(join(root, 'usr/lib/systemd/systemd'), 'x');
  await symlink('/lib/systemd/systemd', join(root, 'usr/sbin/init'));
  await writeFile(join(root, 'boot/pc-x86-64/start.ipxe'), '#!ipxe\nboot\n');
  await writeFile(join(root, 'boot/pc-x86-64/kernel'), 'x');
  return root;
}

test('modelsOf() reads the comma list of the label', (t) => {
  t.deepEqual(modelsOf({ 'walt.node.models': 'rpi-b, rpi-b-plus,,' }), ['rpi-b', 'rpi-b-plus']);
  t.deepEqual(modelsOf({}), []);
});

test('problemsOf() finds none in an image that boots', async (t) => {
  t.deepEqual(await problemsOf(await filesOf(await image(t)), PC), []);
});

const damages: readonly [string, (root: string) => Promise<unknown>, RegExp][] = [
  ['no start file', (root) => rm(join(root, 'boot/pc-x86-64/start.ipxe')), /add start\.ipxe/],
  [
    'a start file that is no script',
    (root) => writeFile(join(root, 'boot/pc-x86-64/start.ipxe'), '<html>'),
    /first line must be #!ipxe/,
  ],
  [
    'an empty start file',
    (root) => writeFile(join(root, 'boot/pc-x86-64/start.ipxe'), ''),
    /first line must be #!ipxe/,
  ],
  ['no busybox', (root) => rm(join(root, 'usr/bin/busybox')), /\/bin\/busybox is missing/],
  [
    'an init that leads nowhere',
    (root) => rm(join(root, 'usr/lib/systemd/systemd')),
    /\/sbin\/init is missing/,
  ],
];

for (const [title, damage, problem] of damages) {
  test(`problemsOf() names ${title}`, async (t) => {
    const root = await image(t);
    await damage(root);
    const problems = await problemsOf(await filesOf(root), PC);
    t.is(problems.length, 1);
    t.regex(problems[0] ?? '', problem);
  });
}

test('problemsOf() asks for the label and refuses a model that would lead elsewhere', async (t) => {
  const root = await image(t);
  t.regex(
    (await problemsOf(await filesOf(root), { ...PC, models: [] })).join(),
    /label walt\.node\.models is missing/,
  );
  t.regex(
    (await problemsOf(await filesOf(root), { ...PC, models: ['../../etc'] })).join(),
    /is no model name/,
  );
});

/** The kernel and the initrd are there, and named in the ways that iPXE allows. */
const fine = [
  '#!ipxe\nkernel --timeout 5000 kernel\n',
  '#!ipxe\nkernel -n NAME kernel\nboot NAME\n',
  '#!ipxe\nkernel -nNAME -t 5000 kernel\n',
  '#!ipxe\nimgfetch --name vmlinuz ${http}/kernel\nkernel vmlinuz\n',
  '#!ipxe\n  kernel \\\n  --timeout 5 kernel quiet\n',
  '#!ipxe\nkernel missing || kernel kernel\n',
  '#!ipxe\n# kernel missing\necho kernel missing\n',
  '#!gpxe\nkernel kernel\n',
];

for (const script of fine) {
  test(`problemsOf() reads ${JSON.stringify(script)} as iPXE does`, async (t) => {
    const root = await image(t);
    await writeFile(join(root, 'boot/pc-x86-64/start.ipxe'), script);
    t.deepEqual(await problemsOf(await filesOf(root), PC), []);
  });
}

for (const [script, problem] of [
  ['#!ipxe\nkernel --timeout 5000 missing\n', /the kernel 'missing'/],
  ['#!ipxe\nimgselect -n kernel missing\n', /the kernel 'missing'/],
  ['#!ipxe\nkernel kernel ; module -t 5 missing.img\n', /the initrd 'missing\.img'/],
  ['#!ipxe\nkernel ${http}/missing?ip=${ip}\n', /the kernel 'missing'/],
] as const) {
  test(`problemsOf() names what ${JSON.stringify(script)} lacks`, async (t) => {
    const root = await image(t);
    await writeFile(join(root, 'boot/pc-x86-64/start.ipxe'), script);
    const problems = await problemsOf(await filesOf(root), PC);
    t.is(problems.length, 1);
    t.regex(problems[0] ?? '', problem);
  });
}
