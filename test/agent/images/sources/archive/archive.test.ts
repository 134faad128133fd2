// The forms in which an image comes as a file or a folder, made by skopeo from one and the same.
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../../lab/programs/run-program.ts';
import { openImageStore } from '../../../../support/images/image-store.ts';
import { BOOTABLE, makeLayout, tar } from '../../../../support/images/tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const forms = [
  {
    form: 'an archive of podman',
    target: (path: string) => `oci-archive:${path}:localhost:5000/alice/web:v1`,
  },
  { form: 'an OCI layout', target: (path: string) => `oci:${path}:alice/web:v1` },
  { form: 'an OCI archive', target: (path: string) => `oci-archive:${path}:alice/web:v1` },
  { form: 'a docker archive', target: (path: string) => `docker-archive:${path}:alice/web:v1` },
];

for (const { form, target } of forms) {
  test(`ImageStore.import() takes ${form}, with the name that it has`, async (t) => {
    const folder = await temporaryFolder(t);
    const { store, progress } = await openImageStore(folder);
    const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
    const path = join(folder, 'an image');
    const copy = ['skopeo', '--insecure-policy', 'copy', '--quiet', `oci:${layout}`, target(path)];
    const { code, said } = await runProgram(copy);
    t.is(code, 0, said);
    const image = await store.import(path, { progress });
    t.is(image.name, 'alice/web:v1');
    t.deepEqual(image.models, ['pc-x86-64']);
    t.not(store.keyOf('alice/web:v1'), undefined);
  });
}

test('ImageStore.import() asks for a name where that of the archive has no owner', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress } = await openImageStore(folder);
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  const path = join(folder, 'web.tar');
  const copy = ['skopeo', '--insecure-policy', 'copy', '--quiet', `oci:${layout}`];
  const { code, said } = await runProgram([...copy, `oci-archive:${path}:localhost/web:v1`]);
  t.is(code, 0, said);
  await t.throwsAsync(store.import(path, { progress }), {
    message: /does not name its image as owner\/name.*--name owner\/name/,
  });
});
