import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { reasonConfig, startConfig } from '../../../agent/boot/grub/start-config.ts';
import { localGrubConfig } from '../../../agent/boot/local/grub-config.ts';
import { pcUsbLinux } from '../../../scripts/media/pc-usb-linux.ts';
import { $ } from '../../../scripts/run.ts';
import { printPlan } from '../../../scripts/steps/plan.ts';

const WORDS = join(import.meta.dirname, '../../../buildroot-overlay/bin/walt-start-words');

/** What starts and fetches on the stick, in place of which the shell only says so; `kexec` fails when asked to. */
const STAND_INS = `
  tftp() { echo "tftp $*"; printf '%s' "$7" >"$5"; }
  kexec() { echo "kexec $*"; [ "$1" != "$refused" ]; }
  sleep() { echo "sleep $*"; }
`;

/** Runs a start file as the stick does, and tells what it said and which files there were at the end. */
async function run(t: ExecutionContext, { text, refused }: { text: string; refused?: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'walt-start-words-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'start'), text);
  const env = { ...process.env, folder, refused: refused ?? '' };
  const script = `. ${WORDS}; ${STAND_INS} run_start_file ${folder}/start`;
  const { stdout } = await $({ env })`sh -c ${script}`;
  return { folder, said: stdout.replaceAll(folder, '') };
}

const facts = {
  server: '192.168.152.1',
  what: "pc's image for node-1",
  plan: {
    kernel: 'pc-x86-64/kernel',
    commandLine: 'root=/dev/nfs note="a b" panic=30',
    initrds: ['pc-x86-64/initrd.1', 'more'],
  },
};

test('the plan of pc-usb-linux is the same each time and can be printed', (t) => {
  t.deepEqual(pcUsbLinux.plan(), pcUsbLinux.plan());
  const text = printPlan(pcUsbLinux.plan());
  t.regex(text, /modules of linux-image-\S+ -> initrd$/m);
  t.regex(text, /^output {3}pc-usb-linux\.dd\.gz$/m);
});

test('the stick with Linux says that it starts no system of a disk', async (t) => {
  const { said } = await run(t, { text: localGrubConfig() });
  t.regex(said, /^\*\* The stick with Linux cannot do that/m);
  t.regex(said, /^\*\* No system on a disk of this machine could be started; retrying$/m);
  t.notRegex(said, /Starting|not found/);
});

test('the start file that the server makes for GRUB starts the kernel on the stick with Linux', async (t) => {
  const { folder, said } = await run(t, { text: startConfig(facts) });
  t.regex(said, /^Getting the system of pc's image for node-1$/m);
  t.regex(said, /^tftp -g -b 1428 -l \/kernel -r pc-x86-64\/kernel 192\.168\.152\.1$/m);
  t.regex(
    said,
    /^kexec -s -l \/kernel --command-line=root=\/dev\/nfs "note=a b" panic=30 --initrd=\/initrd$/m,
  );
  t.regex(said, /^kexec -e$/m);
  t.notRegex(said, /kexec -c/);
  t.deepEqual((await readdir(folder)).sort(), ['initrd', 'kernel', 'start']);
  // One behind the other, each from a multiple of four bytes on.
  t.is(await readFile(join(folder, 'initrd'), 'latin1'), 'pc-x86-64/initrd.1\0\0more');
});

test('a kernel that one way of starting refuses is tried the other way', async (t) => {
  const { said } = await run(t, { text: startConfig(facts), refused: '-s' });
  t.regex(said, /^kexec -c -l \/kernel/m);
  t.regex(said, /^kexec -e$/m);
});

test('a start file that starts nothing says why on the stick with Linux, and ends', async (t) => {
  const { said } = await run(t, { text: reasonConfig(["There's no image for this machine"]) });
  t.is(said, "** There's no image for this machine\n");
});
