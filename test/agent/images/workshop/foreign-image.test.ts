// Images of another processor than this machine's, changed on it: their programs run by QEMU's user emulation. Skipped
// with the reason where this machine's kernel cannot.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { messageOf } from '../../../../agent/errors.ts';
import { makeRunnable } from '../../../../agent/images/workshop/foreign.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { armBusybox, makeArmShellImage } from '../../../support/images/shell-image.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform, type TestPlatform } from '../../cli/test-platform.ts';

const ROOT = join(import.meta.dirname, '../../../..');

const obstacle = await makeRunnable('arm64').then(() => undefined, messageOf);
const testForeign = obstacle === undefined ? test.serial : test.serial.skip;
const because = obstacle === undefined ? '' : ` (${obstacle})`;

/** A user namespace has handlers of its own, from Linux 6.7 on: those of this machine stay as they are. */
const apart = ['unshare', '--user', '--map-root-user', '--mount'];
const mountsOwn = await runProgram([
  ...[...apart, 'mount', '-t', 'binfmt_misc', 'binfmt_misc', '/mnt'],
]).catch((thrown: unknown) => ({ code: 1, said: messageOf(thrown) }));
const testApart = mountsOwn.code === 0 ? test.serial : test.serial.skip;
const reason = mountsOwn.code === 0 ? '' : ` (${mountsOwn.said.trim()})`;

async function lab(t: ExecutionContext): Promise<TestPlatform> {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const layout = await makeArmShellImage(join(platform.folder, 'made'));
  await platform.images.import(layout, { name: 'alice/board', progress: () => undefined });
  return platform;
}

async function contentOf({ images }: TestPlatform, name: string, path: string): Promise<string> {
  return await readFile(join(images.rootOf(images.keyOf(name) ?? ''), path), 'utf8');
}

testForeign(`walt image shell runs the programs of an arm64 image${because}`, async (t) => {
  const platform = await lab(t);
  const walt = `WALT_SOCKET=${platform.socket} WALT_USER=alice ${process.execPath} ${WALT}`;
  const script = 'uname -m > /machine; ls /bin > /programs';
  const { code, said } = await runProgram([
    ...['sh', '-c', `echo '${script}' | ${walt} image shell board --save board`],
  ]);
  t.is(code, 0, said);
  t.is(await contentOf(platform, 'alice/board:latest', 'machine'), 'aarch64\n');
  t.regex(await contentOf(platform, 'alice/board:latest', 'programs'), /^busybox$/m);
});

testForeign(`walt image build runs the programs of an arm64 image${because}`, async (t) => {
  const platform = await lab(t);
  const context = join(platform.folder, 'context');
  await mkdir(context);
  const steps = ['FROM alice/board', 'RUN uname -m > /machine', 'COPY motd /etc/motd'];
  await writeFile(join(context, 'Dockerfile'), `${steps.join('\n')}\n`);
  await writeFile(join(context, 'motd'), 'welcome');
  const { code, err } = await platform.walt('image', 'build', '--from-dir', context, 'built');
  t.is(code, 0, err);
  t.is(await contentOf(platform, 'alice/built:latest', 'machine'), 'aarch64\n');
  t.is(await contentOf(platform, 'alice/built:latest', 'etc/motd'), 'welcome');
  t.deepEqual(platform.images.byName('alice/built:latest')?.models, ['qemu-arm64']);
});

testApart(`makeRunnable() makes the kernel run programs of arm64${reason}`, async (t) => {
  const folder = await temporaryFolder(t);
  const busybox = await armBusybox(join(folder, 'unpacked'));
  const handlers = join(folder, 'handlers');
  await mkdir(handlers);
  const module = join(ROOT, 'agent/images/workshop/foreign.ts');
  const call = `await (await import(${JSON.stringify(module)})).makeRunnable('arm64', { folder: ${JSON.stringify(handlers)} })`;
  const program = `"$0" --input-type=module --eval "$1" && cat "$2/qemu-aarch64" && "$3" uname -m`;
  const { code, said } = await runProgram([
    ...[...apart, 'sh', '-c', program, process.execPath, call, handlers, busybox],
  ]);
  t.is(code, 0, said);
  t.regex(said, /^enabled\n/);
  t.regex(said, /\naarch64\n$/);
});
