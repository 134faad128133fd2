// The archive is read by the programs that the server reads it with.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { writeOciArchive } from '../../../scripts/images/oci-archive.ts';
import { $ } from '../../../scripts/run.ts';

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
      image: { reference: 'someone/thing:latest', architecture: 'amd64', labels: { a: 'b' } },
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
