// `walt image import`.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { docker20, saved } from '../../../support/archives/saved.ts';
import { BOOTABLE, tar } from '../../../support/images/tar.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { startTestPlatform } from '../test-platform.ts';

test.serial('walt image import brings in a layout folder and shows its steps', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  t.regex((await platform.walt('image', 'show')).err, /no image yet.*images-import/);
  const layout = await makeTinyImage(join(platform.folder, 'made'), {});
  const { code, out, err } = await platform.walt('image', 'import', layout, '--name', 'alice/tiny');
  t.is(code, 0, err);
  t.regex(out, /^Image alice\/tiny:latest is ready for pc-x86-64 \(\d+ MB\)\.\n$/);
  t.regex(err, /^reading layout…\nunpacking…\n(\[.*\n)*checking the image…\n/);
  const shown = await platform.walt('image', 'show');
  t.regex(
    shown.out,
    /^name +in-use +created +compatibility\n-+( +-+){3}\ntiny:latest +no +\d{4}-\d\d-\d\d [\d:]+ +pc-x86-64\n$/,
  );
  const { images } = JSON.parse((await platform.walt('image', 'show', '--json')).out);
  t.like(images, { length: 1, 0: { name: 'alice/tiny:latest', inUse: false } });
});

test.serial('walt image import asks before it replaces the image of another user', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const layout = await makeTinyImage(join(platform.folder, 'made'), {});
  const name = ['--name', 'bob/tiny'];
  t.is((await platform.walt('image', 'import', layout, ...name)).code, 0);
  const { code, err } = await platform.walt('image', 'import', layout, ...name);
  t.is(code, 1);
  t.regex(err, /Image bob\/tiny:latest belongs to another user and will be replaced\.\n.*--yes/);
  t.is((await platform.walt('image', 'import', layout, ...name, '--yes')).code, 0);
});

test.serial('walt image import asks, too, where the archive has the name', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const walt = (...args: string[]) => platform.walt('image', 'import', ...args);
  const file = async (owner: string, content: string) => {
    const layers = [tar([...BOOTABLE, { path: 'motd', content }])];
    const path = join(platform.folder, `${owner}-${content}.tar`);
    await writeFile(path, tar(docker20([saved({ names: [`${owner}/tiny:v1`], layers })])));
    return path;
  };
  t.is((await walt(await file('bob', 'one'))).code, 0);
  const [before] = platform.images.all();
  const refused = await walt(await file('bob', 'two'));
  t.is(refused.code, 1);
  t.regex(
    refused.err,
    /Image bob\/tiny:v1 belongs to another user and will be replaced\.\n.*--yes/,
  );
  t.deepEqual(platform.images.all(), [before]);
  t.is((await walt(await file('bob', 'two'), '--yes')).code, 0);
  t.not(platform.images.all()[0]?.digest, before?.digest);
  // Default images are nobody's.
  for (const content of ['one', 'two']) {
    t.is((await walt(await file('waltplatform', content))).code, 0);
  }
});

test.serial('walt image import finds an archive relative to where it is called', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const layout = await makeTinyImage(join(platform.folder, 'made'), {});
  const archive = join(platform.folder, 'tiny.tar');
  const tar = await runProgram(['tar', '-cf', archive, '-C', layout, '.']);
  t.is(tar.code, 0, tar.said);
  const script =
    'cd "$1" && WALT_SOCKET=walt.sock exec "$0" "$2" image import tiny.tar --name alice/tiny';
  const argv = ['sh', '-c', script, process.execPath, platform.folder, WALT];
  const { code, said } = await runProgram(argv);
  t.is(code, 0, said);
  t.is(platform.images.all().length, 1);
});

test.serial('walt image import names each problem of an image on its line', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const files = ['boot/pc-x86-64/kernel'];
  const layout = await makeTinyImage(join(platform.folder, 'made'), { files });
  const bad = await platform.walt('image', 'import', layout, '--name', 'alice/tiny');
  t.is(bad.code, 1);
  t.regex(
    bad.err,
    /Cannot use image alice\/tiny:latest:\n {2}- \/boot\/pc-x86-64\/ has no start file/,
  );
  t.regex(bad.err, /\n {2}- \/bin\/busybox is missing.*\n {2}- \/sbin\/init is missing/);
  const misnamed = await platform.walt('image', 'import', layout, '--name', 'Tiny');
  t.is(misnamed.code, 1);
  t.regex(misnamed.err, /'Tiny' is not the name of an image/);
  t.deepEqual(platform.images.all(), []);
});
