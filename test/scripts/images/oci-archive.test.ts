// The archive is read by the programs that the server reads it with.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { writeOciArchive } from '../../../scripts/images/oci-archive.ts';
import { $ } from '../../../scripts/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const CREATED = new Date('2026-01-02T03:04:05Z');

test('writeOciArchive() makes what skopeo and umoci read, with labels, owners and links', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-oci-'));
  try {
    const root = join(folder, 'root');
    await mkdir(join(root, 'etc'), { recursive: true });
    await writeFile(join(root, 'etc/file'), 'content');
    await $`chown 123:456 ${root}/etc/file`;
    await symlink('etc/file', join(root, 'link'));
    const archive = join(folder, 'image.oci.tar');
    await writeOciArchive(archive, {
      root,
      image: {
        reference: 'someone/thing:latest',
        architecture: 'amd64',
        labels: { a: 'b' },
        created: CREATED,
      },
      scratch: join(folder, 'scratch'),
    });
    const inspected = await $`skopeo inspect oci-archive:${archive}:someone/thing:latest`;
    t.like(JSON.parse(inspected.stdout), { Architecture: 'amd64', Labels: { a: 'b' } });
    await $`skopeo copy -q oci-archive:${archive} oci:${folder}/oci:image`;
    await $`umoci raw unpack --image ${folder}/oci:image ${folder}/unpacked`;
    t.is(await readFile(join(folder, 'unpacked/link'), 'utf8'), 'content');
    const { stdout } = await $`stat --format ${'%u:%g'} ${folder}/unpacked/etc/file`;
    t.is(stdout.trim(), '123:456');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('writeOciArchive() makes the same bytes from the same files, whenever it does', async (t) => {
  const folder = await temporaryFolder(t);
  const pack = async (name: string) => {
    const root = join(folder, name, 'root');
    await $`mkdir -p ${root}/b ${root}/a; echo content >${root}/b/file; ln ${root}/b/file ${root}/a/file`;
    await $`touch --date=2001-02-03 ${root}/a`;
    const archive = join(folder, `${name}.oci.tar`);
    await writeOciArchive(archive, {
      root,
      image: { reference: 'a:b', architecture: 'amd64', labels: {}, created: CREATED },
      scratch: join(folder, name, 'scratch'),
    });
    return readFile(archive);
  };
  const first = await pack('first');
  await sleep(1100);
  t.true(first.equals(await pack('second')));
});
