import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { succeed } from '../../../lab/programs/run-program.ts';
import { loopDisk } from '../../support/disks/loop-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startTestPlatform } from './test-platform.ts';

const MIB = 1 << 20;
const CONTENT = Buffer.concat([randomBytes(3 * MIB), Buffer.alloc(2 * MIB), randomBytes(1000)]);

async function open(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const mediaFolder = join(folder, 'media');
  const mine = join(folder, 'mine');
  await mkdir(mediaFolder);
  await mkdir(mine);
  const packed = gzipSync(CONTENT);
  await writeFile(join(mediaFolder, 'pc-usb.dd.gz'), packed);
  await writeFile(join(mediaFolder, 'rpi-sd-files.tar.gz'), gzipSync('files'));
  const platform = await startTestPlatform({ mediaFolder });
  t.teardown(platform.close);
  return { ...platform, mediaFolder, mine, packed };
}

test('walt media show lists the media and what they are for', async (t) => {
  const { walt, packed } = await open(t);
  const { out } = await walt('media', 'show');
  t.regex(out, /^pc-usb\.dd\.gz +\d\.\d MB +PCs with BIOS or UEFI/m);
  const json = JSON.parse((await walt('media', 'show', '--json')).out);
  t.is(json[0].sha256, createHash('sha256').update(packed).digest('hex'));
  const names = await walt('media', 'show', '--names-only');
  t.is(names.out, 'pc-usb.dd.gz\nrpi-sd-files.tar.gz\n');
});

test('walt media show says what to do where there are none', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  t.regex((await platform.walt('media', 'show')).out, /has no boot media\. Build them/);
  const got = await platform.walt('media', 'get', 'pc-usb.dd.gz');
  t.deepEqual([got.code, got.out], [1, '']);
});

test('walt media get copies a medium once, and loses no other file', async (t) => {
  const { walt, mine, packed } = await open(t);
  const target = join(mine, 'pc-usb.dd.gz');
  const got = await walt('media', 'get', 'pc-usb.dd.gz', mine);
  t.is(got.code, 0, got.err);
  t.true((await readFile(target)).equals(packed));
  t.regex((await walt('media', 'get', 'pc-usb.dd.gz', mine)).out, /is there already/);
  await writeFile(target, 'notes');
  const refused = await walt('media', 'get', 'pc-usb.dd.gz', mine);
  t.is(refused.code, 1);
  t.regex(refused.err, /is another file, and will be replaced/);
  t.is(await readFile(target, 'utf8'), 'notes');
  t.is((await walt('media', 'get', 'pc-usb.dd.gz', mine, '--yes')).code, 0);
  t.deepEqual(await readdir(mine), ['pc-usb.dd.gz']);
  t.true((await readFile(target)).equals(packed));
});

test('walt media get says which media there are, and where it cannot copy', async (t) => {
  const { walt, mine } = await open(t);
  const unknown = await walt('media', 'get', 'pc-usb.gz', mine);
  t.is(
    unknown.err,
    "There is no medium 'pc-usb.gz'. Did you mean 'pc-usb.dd.gz'?\nMedia: pc-usb.dd.gz, rpi-sd-files.tar.gz\n",
  );
  const nowhere = await walt('media', 'get', 'pc-usb.dd.gz', join(mine, 'none'));
  t.deepEqual([nowhere.code, nowhere.out], [1, '']);
  t.regex(nowhere.err, /^Cannot copy to \S+: there is no such folder\n$/);
});

test('walt media write writes a disk, and reads it back', async (t) => {
  const { walt } = await open(t);
  const { device, file } = await loopDisk(t, { bytes: 8 * MIB });
  const asked = await walt('media', 'write', 'pc-usb.dd.gz', device);
  t.is(asked.code, 1);
  t.regex(asked.err, /is not removable.*\nNothing was changed\. Add --yes/);
  t.true((await readFile(file)).equals(Buffer.alloc(8 * MIB)));
  const written = await walt('media', 'write', 'pc-usb.dd.gz', device, '--yes');
  t.is(written.code, 0, written.err);
  t.regex(written.err, /^Disk \/dev\/loop\d+: .*8\.4 MB/m);
  t.regex(written.err, /Writing .*: 100 %[\s\S]*Verifying .*: 100 %/);
  t.regex(written.out, /it is whole/);
  await succeed(['sync', file]);
  t.true((await readFile(file)).subarray(0, CONTENT.length).equals(CONTENT));
});

test('walt media write says what is on a disk', async (t) => {
  const { walt } = await open(t);
  const { device } = await loopDisk(t, { bytes: 16 * MIB });
  await succeed(['mkfs.ext4', '-q', '-L', 'PHOTOS', device]);
  const { err } = await walt('media', 'write', 'pc-usb.dd.gz', device);
  t.regex(err, /On it: \/dev\/loop\d+ ext4 'PHOTOS' \(16\.8 MB\)/);
});

test('walt media write refuses a disk that is in use, whatever was said', async (t) => {
  const { walt } = await open(t);
  const { device } = await loopDisk(t, { bytes: 16 * MIB });
  const at = await temporaryFolder(t);
  await succeed(['mkfs.ext4', '-q', device]);
  await succeed(['mount', device, at]);
  t.teardown(async () => {
    await succeed(['umount', at]);
  });
  const { code, err } = await walt('media', 'write', 'pc-usb.dd.gz', device, '--yes');
  t.is(code, 1);
  t.true(err.startsWith(`Cannot write to it: ${device} is in use (${at}). First: umount`), err);
});

test('walt media write refuses what is too small, read-only, no disk, or no medium for disks', async (t) => {
  const { walt, mine } = await open(t);
  const small = await loopDisk(t, { bytes: 4 * MIB });
  const locked = await loopDisk(t, { bytes: 8 * MIB, options: ['--read-only'] });
  const file = join(mine, 'file');
  await writeFile(file, '');
  const cases = [
    ['pc-usb.dd.gz', small.device, /is too small: it has 4\.2 MB, and the medium takes 5\.2 MB/],
    ['pc-usb.dd.gz', locked.device, /is read-only/],
    ['pc-usb.dd.gz', file, /it is no disk/],
    ['pc-usb.dd.gz', '/dev/null', /it is no disk/],
    ['pc-usb.dd.gz', '/dev/nonexistent', /there is nothing of that name/],
    ['rpi-sd-files.tar.gz', small.device, /it is an archive of files/],
  ] as const;
  for (const [name, place, sentence] of cases) {
    const { code, err, out } = await walt('media', 'write', name, place, '--yes');
    t.deepEqual([code, out], [1, ''], place);
    t.regex(err, sentence);
  }
});

test('walt media write writes nothing of a medium that is damaged', async (t) => {
  const { walt, mediaFolder, packed } = await open(t);
  const { device, file } = await loopDisk(t, { bytes: 8 * MIB });
  const damages = {
    'not gzip': Buffer.from('not gzip'),
    cut: packed.subarray(0, packed.length / 2),
    changed: Buffer.concat([
      packed.subarray(0, 99_999),
      Buffer.from('x'),
      packed.subarray(100_000),
    ]),
  };
  for (const [what, bytes] of Object.entries(damages)) {
    await writeFile(join(mediaFolder, 'pc-usb.dd.gz'), bytes);
    const { code, err } = await walt('media', 'write', 'pc-usb.dd.gz', device, '--yes');
    t.is(code, 1, what);
    t.regex(err, /^Cannot unpack \S+pc-usb\.dd\.gz: /m, what);
  }
  t.true((await readFile(file)).equals(Buffer.alloc(8 * MIB)));
});

test('walt media write that is ended says that the disk is not usable', async (t) => {
  const { spawnWalt, mediaFolder } = await open(t);
  const large = Buffer.concat(Array.from({ length: 40 }, () => randomBytes(MIB)));
  await writeFile(join(mediaFolder, 'pc-usb.dd.gz'), gzipSync(large));
  const { device } = await loopDisk(t, { bytes: 64 * MIB });
  const running = spawnWalt('media', 'write', 'pc-usb.dd.gz', device, '--yes');
  running.child.stderr?.on('data', () => {
    if (!running.child.killed && /Writing/.test(running.said().err)) running.child.kill('SIGINT');
  });
  const { code, err, out } = await running.result;
  t.deepEqual([code, out], [130, ''], err);
  t.regex(err, /Stopped\. \/dev\/loop\d+ is not usable now: write it again\./);
});
