// `walt node cp` on nodes that run the default image.
import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { runProgram, succeed } from '../../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { accessLab } from './access-lab.ts';

const ODD = ['with blank', 'it\'s "q"', 'two\nlines', '-dash', 'ünï', '$HOME', 'a:b', ' '];

test('walt node cp copies folders with odd names to a node, to another one, and back', async (t) => {
  const { node, platform } = await accessLab(t);
  const { walt } = platform;
  const first = await node('pc-1');
  await node('pc-2');
  const folder = await temporaryFolder(t);
  const from = join(folder, 'my files');
  await mkdir(join(from, 'deep\n er'), { recursive: true });
  for (const name of ODD)
    await writeFile(join(from, 'deep\n er', name), `of ${name}`, { mode: 0o640 });
  await symlink('/nowhere at all', join(from, 'link'));
  for (let index = 0; index < 300; index += 1) await writeFile(join(from, `f${index}`), `${index}`);

  const steps: string[][] = [
    [from, 'pc-1:/tmp'],
    ['pc-1:/tmp/my files', 'pc-2:/tmp/other\nname'],
    ['pc-2:/tmp/other\nname/', join(folder, 'back')],
  ];
  for (const step of steps) {
    const { code, out, err } = await walt('node', 'cp', ...step);
    const trouble = err.replaceAll(/^copying .*\n/gm, '');
    t.deepEqual([code, out, trouble], [0, '', ''], step.join(' → '));
  }
  t.is(
    (await runProgram(['diff', '--recursive', '--no-dereference', from, join(folder, 'back')]))
      .said,
    '',
  );
  t.is(await readlink(join(folder, 'back/link')), '/nowhere at all');
  t.is((await stat(join(folder, 'back/deep\n er/-dash'))).mode & 0o777, 0o640);
  t.is(await first.run('stat -c %u "/tmp/my files/f1"'), '0\n');

  const log = (await walt('log', 'show', '--platform')).out;
  t.regex(log, /alice copies my files to node pc-1$/m);
  t.regex(log, /alice copies \S*my files between nodes pc-1, pc-2$/m);
  t.regex(log, /alice copies .*other.* from node pc-2$/m);

  // Into a folder that is there, what is there already stays.
  await writeFile(join(from, 'f1'), 'changed');
  await writeFile(join(folder, 'back/own'), 'mine');
  t.is((await walt('node', 'cp', from, 'pc-1:/tmp')).code, 0);
  t.is((await walt('node', 'cp', 'pc-1:/tmp/my files', `${folder}/back/`)).code, 0);
  t.is(await readFile(join(folder, 'back/my files/f1'), 'utf8'), 'changed');
  t.is(await readFile(join(folder, 'back/own'), 'utf8'), 'mine');
  const several = await walt('node', 'cp', join(from, 'f2'), 'pc-2:/etc/debian_version', 'pc-1:');
  t.is(several.code, 0, several.err);
  t.is(await first.run('cat /root/f2'), '2');
  t.regex(await first.run('cat /root/debian_version'), /./);
  t.is(await first.run('find / -xdev -name ".walt-cp-*"'), '');
});

test('walt node cp says what was wrong, and leaves nothing half', async (t) => {
  const { node, platform } = await accessLab(t);
  const { walt, spawnWalt } = platform;
  const first = await node('pc-1');
  const bobs = await node('bobs', { image: 'bob/pc:latest' });
  const folder = await temporaryFolder(t);
  const file = join(folder, 'file');
  await writeFile(file, 'x');
  const refused: [string[], RegExp][] = [
    [
      [file, file],
      /^walt node cp: a source or the target has to be of a node, as pc-1:\/etc\/motd\n$/,
    ],
    [['/nowhere', 'pc-1:/tmp'], /^Cannot copy \/nowhere to pc-1:\/tmp: there is no \/nowhere\n$/],
    [['pc-1:/nowhere', folder], /^Cannot copy pc-1:\/nowhere to .*: there is no \/nowhere\n$/],
    [['pc-1:/nowhere', 'pc-1:/tmp'], /^Cannot copy pc-1:\/nowhere to .*: there is no \/nowhere\n$/],
    [[file, 'pc-1:/no/where'], /there is no folder \/no\n$/],
    [[file, 'pc-1:/no/'], /: \/no\/ is no folder\n$/],
    [[file, file, 'pc-1:/etc/passwd'], /: \/etc\/passwd is no folder\n$/],
    [['pc-1:/etc/motd', `${file}/x`], /there is no folder .*\/file\n$/],
    [['pc-1:/', folder], /^Cannot copy \/: name a file or folder/],
    [[file, 'ghost:/tmp'], /^Cannot copy .* No device with name 'ghost' found\. See [^\n]*\.\n$/],
    [[file, 'bobs:/tmp'], /^Node bobs belongs to bob\./],
    [[file, 'pc-1:/proc/file'], /^Cannot copy/],
  ];
  for (const [args, expected] of refused) {
    const { code, out, err } = await walt('node', 'cp', ...args);
    t.deepEqual([code, out], [1, ''], args.join(' '));
    t.regex(err, expected);
  }
  t.is(await bobs.run('ls /tmp'), '');
  await mkdir(join(folder, 'motd'));
  t.regex(
    (await walt('node', 'cp', 'pc-1:/etc/motd', folder)).err,
    /motd is a folder there, and a file here/,
  );

  // In the middle: neither the node nor this machine keeps a part or a process.
  await first.run('dd if=/dev/urandom of=/tmp/big bs=1M count=256 2> /dev/null');
  const out = spawnWalt('node', 'cp', 'pc-1:/tmp/big', folder);
  await untilSome(async () => (await readdir(folder)).some((name) => name.startsWith('.walt-cp-')));
  out.child.kill('SIGINT');
  const outEnded = await out.result;
  t.is(outEnded.code, 130, outEnded.err);
  await succeed(['dd', 'if=/dev/zero', `of=${join(folder, 'zeros')}`, 'bs=1M', 'count=256']);
  const into = spawnWalt('node', 'cp', join(folder, 'zeros'), 'pc-1:/tmp');
  await untilSome(async () => (await first.run('ls -A /tmp')).includes('.walt-cp-'));
  into.child.kill('SIGINT');
  const intoEnded = await into.result;
  t.is(intoEnded.code, 130, intoEnded.err);
  await untilSome(async () => !(await first.run('ls -A /tmp')).includes('.walt-cp-'));
  await untilSome(async () => !(await first.processes()).some((line) => /tar -[cx]/.test(line)));
  t.deepEqual((await readdir(folder)).toSorted(), ['file', 'motd', 'zeros']);
  t.is(await first.run('ls -A /tmp'), 'big\n');
});

test('walt node cp holds little of what it copies in memory', async (t) => {
  const { node, platform } = await accessLab(t);
  const first = await node('pc-1');
  const folder = await temporaryFolder(t);
  const big = join(folder, 'big');
  await succeed(['dd', 'if=/dev/urandom', `of=${big}`, 'bs=1M', 'count=300']);
  for (const step of [
    [big, 'pc-1:/tmp'],
    ['pc-1:/tmp/big', join(folder, 'back')],
  ]) {
    const running = platform.spawnWalt('node', 'cp', ...step);
    const peaks: number[] = [];
    let isOver = false;
    running.result.then(() => {
      isOver = true;
    });
    const before = process.memoryUsage().rss;
    let server = 0;
    while (!isOver) {
      const status = await readFile(`/proc/${running.child.pid}/status`, 'utf8').catch(() => '');
      peaks.push(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
      server = Math.max(server, process.memoryUsage().rss - before);
      await sleep(20);
    }
    t.is((await running.result).code, 0, running.said().err);
    t.true(Math.max(...peaks) < 220_000, `${Math.max(...peaks)} kB`);
    t.true(server < 200e6, `${server} bytes more in the server`);
    t.regex(running.said().err, /^copying big: \d+(\.\d)? MB$/m);
  }
  t.is((await runProgram(['cmp', big, join(folder, 'back')])).code, 0);
  t.is(await first.run('ls -A /tmp'), 'big\n');
});

async function untilSome(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo()) return;
    await sleep(50);
  }
  throw new Error('Waited 30 s for nothing');
}
