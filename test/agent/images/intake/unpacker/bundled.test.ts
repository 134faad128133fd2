import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Answer, Job } from '../../../../../agent/images/intake/unpacker/messages.ts';
import { succeed } from '../../../../../lab/programs/run-program.ts';
import { digestOf } from '../../../../support/images/layers/by-ours.ts';
import { archive, file } from '../../../../support/images/layers/raw-tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const LIMITS = { maxFiles: 100, maxBytes: 2 ** 20, bytesReason: 'as the test says' };
const FILES = ['bin/busybox', 'sbin/init', 'kernel', 'initrd', 'start.ipxe'].map((name) =>
  name.includes('/') ? name : `boot/pc-x86-64/${name}`,
);

test('the bundled unpacker reads a layer and makes a root away from the project', async (t) => {
  const { program, folder } = await startCopy(t);
  const layer = join(folder, 'layer');
  await readLayer(program, { folder: layer, archive: archive(...FILES.map(bootFile)) });
  const answer = await makeRoot(program, { folder, layer });
  t.like(answer, { kind: 'done', result: { kind: 'made', notes: [] } });
});

test('the bundled unpacker reads the image.spec of an image away from the project', async (t) => {
  const { program, folder } = await startCopy(t);
  const layer = join(folder, 'layer');
  const spec = file('etc/walt/image.spec', '{ "templates": ["/etc/name"] }');
  const name = file('etc/name', '%(server_ip)s');
  const files = [...FILES.map(bootFile), spec, name];
  await readLayer(program, { folder: layer, archive: archive(...files) });
  const answer = await makeRoot(program, { folder, layer });
  t.like(answer, { kind: 'done', result: { kind: 'made', isTemplated: true } });
});

function bootFile(path: string): Buffer {
  return file(path, path.endsWith('.ipxe') ? '#!ipxe\n' : path);
}

async function startCopy(t: ExecutionContext) {
  await succeed([process.execPath, 'scripts/bundle.ts']);
  const folder = await temporaryFolder(t);
  const copy = join(folder, 'walt-server-unpacker.mjs');
  await copyFile('release/dist/walt-server-unpacker.mjs', copy);
  const program = fork(copy, { execArgv: [], serialization: 'advanced', cwd: folder });
  t.teardown(() => program.kill());
  return { program, folder };
}

async function readLayer(
  program: ChildProcess,
  { folder, archive }: { readonly folder: string; readonly archive: Buffer },
): Promise<void> {
  await mkdir(folder);
  const path = `${folder}.tar`;
  await writeFile(path, archive);
  const digest = digestOf(archive);
  await ask(program, {
    kind: 'read-layer',
    wanted: { digest, diffId: digest, folder },
    place: { kind: 'file', path, offset: 0, length: archive.length },
    limits: LIMITS,
    stallMs: 60_000,
  });
}

async function makeRoot(
  program: ChildProcess,
  { folder, layer }: { readonly folder: string; readonly layer: string },
): Promise<Answer> {
  const root = join(folder, 'root');
  await mkdir(root);
  const values = { server_ip: '192.168.152.1' };
  return await ask(program, {
    kind: 'make-root',
    wanted: {
      ...{ digest: `sha256:${'0'.repeat(64)}`, layers: [layer], models: ['pc-x86-64'] },
      ...{ architecture: 'amd64', overlay: join(process.cwd(), 'buildroot-overlay') },
      ...{ publicKey: 'ssh-ed25519 AAAA test', values, form: 'erofs', folder: root },
    },
  });
}

/** The next answer; what it says of its progress is passed over. */
async function ask(program: ChildProcess, job: Job): Promise<Answer> {
  program.send({ id: 1, job });
  const gone = once(program, 'exit').then(() => {
    throw new Error('it ended');
  });
  gone.catch(() => undefined);
  for (;;) {
    const [answer] = (await Promise.race([once(program, 'message'), gone])) as [Answer];
    if (answer.kind !== 'arrived') return answer;
  }
}
