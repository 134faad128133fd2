// A server on a machine that lacks the calls of Linux which Node.js has not: programs do for it what it does itself elsewhere.
import { copyFile, mkdir, readdir } from 'node:fs/promises';
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
  } finally {
    await server.end('SIGTERM');
  }
});
