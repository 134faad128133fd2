// A server on a machine that lacks the calls of Linux which Node.js has not: programs do for it what it does itself elsewhere.
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { succeed } from '../../../lab/programs/run-program.ts';
import { ServerProcess } from '../../../lab/programs/server-process.ts';
import { openLab } from '../../support/lab.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DIST = join(ROOT, 'release/dist');

test('a server without koffi has its sockets from perl, and serves', async (t) => {
  t.timeout(300_000);
  const settings = { images: { registries: [], overlay: join(ROOT, 'buildroot-overlay') } };
  const lab = await openLab(t, 'koffi', settings, { programs: 'bundled' });
  const folder = join(lab.folder, 'programs');
  await mkdir(folder);
  const programs = (await readdir(DIST)).filter((name) => name.startsWith('walt-server'));
  for (const name of programs) await copyFile(join(DIST, name), join(folder, name));
  const argv = [process.execPath, join(folder, 'walt-server'), '--config'];
  const command = lab.namespace.command([...argv, join(lab.folder, 'config.yaml')]);
  const server = new ServerProcess(command, join(lab.folder, 'own.log'));
  try {
    await server.start();
    const { stdout } = await succeed(lab.namespace.command(['ss', '-Hnlutp']));
    const ofServer = stdout
      .toString()
      .split('\n')
      .filter((line) => line.includes(`pid=${server.pid},`));
    const fdOf = (place: string) =>
      /fd=(\d+)/.exec(ofServer.find((line) => line.includes(` ${place} `)) ?? '')?.[1];
    // Where perl puts them (sd_listen_fds(3)).
    t.deepEqual(
      ['0.0.0.0%walt-net:67', '192.168.152.1:69', '192.168.152.1:80', '192.168.152.1:12347'].map(
        fdOf,
      ),
      ['3', '4', '5', '6'],
    );
    t.regex(await lab.walt('node', 'show', '--all'), /No node/i);
    t.true(await hasPerl(server.pid));
    t.false((await threads(server.pid)).includes('frames'));
  } finally {
    await server.end('SIGTERM');
  }
});

test('a server with koffi hears frames by a thread of its own, and runs no perl', async (t) => {
  t.timeout(300_000);
  const settings = { images: { registries: [], overlay: join(ROOT, 'buildroot-overlay') } };
  const lab = await openLab(t, 'ears', settings, { programs: 'bundled' });
  const argv = [process.execPath, join(DIST, 'walt-server'), '--config'];
  const command = lab.namespace.command([...argv, join(lab.folder, 'config.yaml')]);
  const server = new ServerProcess(command, join(lab.folder, 'own.log'));
  try {
    await server.start();
    t.true((await threads(server.pid)).includes('frames'));
    t.false(await hasPerl(server.pid));
  } finally {
    await server.end('SIGTERM');
  }
});

/** Whether a process of it hears frames by perl. */
async function hasPerl(pid: number | undefined): Promise<boolean> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const pids = children.split(' ').filter(Boolean);
  const names = pids.map((each) => readFile(`/proc/${each}/comm`, 'utf8').catch(() => ''));
  return (await Promise.all(names)).includes('perl\n');
}

/** Their names. */
async function threads(pid: number | undefined): Promise<string[]> {
  const numbers = await readdir(`/proc/${pid}/task`);
  const names = numbers.map((each) => readFile(`/proc/${pid}/task/${each}/comm`, 'utf8'));
  return (await Promise.all(names)).map((name) => name.trim());
}
