import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { pcUsb } from '../../../scripts/media/pc-usb.ts';
import { media } from '../../../scripts/media/table.ts';
import { $ } from '../../../scripts/run.ts';
import { printPlan } from '../../../scripts/steps/plan.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');

async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'walt-pc-usb-'));
  t.teardown(() => rm(path, { recursive: true }));
  return path;
}

/** Builds from a copy of the scripts in a folder of its own, in its own time zone and with its own file mode mask. */
async function buildElsewhere(
  t: ExecutionContext,
  { zone, umask }: { zone: string; umask: string },
): Promise<Buffer> {
  const clone = await folder(t);
  for (const part of ['scripts', 'boot-artifacts', 'package.json']) {
    await cp(join(ROOT, part), join(clone, part), { recursive: true });
  }
  await $`ln -s ${join(ROOT, 'node_modules')} ${clone}`;
  const env = { ...process.env, TZ: zone, WALT_CACHE: placesOf(process.env, ROOT).cache };
  await $({ env, cwd: clone })`umask ${umask}; ${NODE} scripts/media.ts pc`;
  return readFile(join(clone, 'release/dist/pc-usb.dd.gz'));
}

test('the plan of pc-usb is the same each time and can be printed', (t) => {
  t.deepEqual(pcUsb.plan(), pcUsb.plan());
  const text = printPlan(pcUsb.plan());
  t.regex(text, /^fetch {4}ipxe_1\.21\.1.* sha256:[0-9a-f]{64}$/m);
  t.regex(text, /^output {3}pc-usb\.dd\.gz$/m);
});

test('media have names of their own and write files of their own', (t) => {
  t.is(new Set(media.map(({ name }) => name)).size, media.length);
  t.is(new Set(media.map(({ plan }) => plan().output)).size, media.length);
});

test('media.ts refuses a medium it does not know, naming those it knows', async (t) => {
  const { exitCode, stderr } = await $({ nothrow: true })`${NODE} ${ROOT}/scripts/media.ts toaster`;
  t.is(exitCode, 1);
  t.regex(stderr, /toaster.*expected any of pc/);
});

test('media.ts --dry-run prints the plan and builds nothing', async (t) => {
  const { stdout } = await $`${NODE} ${ROOT}/scripts/media.ts pc --dry-run`;
  t.is(stdout.trim(), printPlan(pcUsb.plan()).trim());
});

test('pc-usb.dd.gz is small, readable, and the same from another folder, time zone and umask', async (t) => {
  t.timeout(300_000);
  const archive = await buildElsewhere(t, { zone: 'Pacific/Kiritimati', umask: '077' });
  const again = await buildElsewhere(t, { zone: 'America/St_Johns', umask: '002' });
  t.true(archive.equals(again));
  t.true(archive.length <= 6_000_000, `${archive.length} bytes`);
  const megabytes = (archive.length / 1e6).toFixed(1);
  t.true((await readFile(join(ROOT, 'README.md'), 'utf8')).includes(`stick of ${megabytes} MB`));

  const disk = join(await folder(t), 'pc-usb.dd');
  await writeFile(disk, gunzipSync(archive));
  const table = JSON.parse((await $`sfdisk --json ${disk}`).stdout).partitiontable;
  t.is(table.label, 'dos');
  t.is(table.partitions.length, 1);
  const [{ start, type, bootable }] = table.partitions;
  t.deepEqual({ type, bootable }, { type: 'ef', bootable: true });

  const partition = `${disk}@@${start * 512}`;
  await $`tail -c +${start * 512 + 1} ${disk} > ${disk}.partition && fsck.fat -n ${disk}.partition`;
  const files = (await $`mdir -b -a -/ -i ${partition} ::`).stdout.split('\n');
  const loaders = ['BOOTX64.EFI', 'grubx64.efi', 'BOOTIA32.EFI'].map((name) => `EFI/BOOT/${name}`);
  const scripts = ['autoexec.ipxe', 'grub/grub.cfg', 'syslinux.cfg', 'LICENCES/shim-signed.TXT'];
  for (const path of [...loaders, ...scripts, 'ipxe.efi', 'ldlinux.sys']) {
    t.true(files.includes(`::/${path}`), `${path} in ${files}`);
  }
  t.regex((await $`mtype -i ${partition} ::/README.TXT`).stdout, /^WalT boot stick/);
  const version = (await $`mtype -i ${partition} ::/VERSION.TXT`).stdout;
  const [, content = ''] = /^content: +([0-9a-f]{12})$/m.exec(version) ?? [];
  t.true((await $`mtype -i ${partition} ::/autoexec.ipxe`).stdout.includes(`WalT ${content}:`));
});
