// The server, and all programs that work for it, are killed while images come, go and are renewed: afterwards no mount and no loop
// device is left that nobody uses.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { eventually, openLab } from '../../support/lab.ts';

const ROUNDS = 8;
const IMAGES = ['one', 'two'] as const;

/** Files of the lab that loop devices of this machine have. */
async function devicesOf({ folder }: Lab): Promise<string[]> {
  const names = (await readdir('/sys/block')).filter((name) => name.startsWith('loop'));
  const files = names.map((name) =>
    readFile(join('/sys/block', name, 'loop/backing_file'), 'utf8').catch(() => ''),
  );
  return (await Promise.all(files)).filter((file) => file.startsWith(`${folder}/`));
}

/** As if systemd killed the whole unit, or its server alone; the NFS service is a unit of its own. */
async function kill(lab: Lab, isAll: boolean): Promise<void> {
  const { said } = await runProgram(['ip', 'netns', 'pids', lab.namespace.name]);
  await lab.endServer('SIGKILL');
  for (const pid of isAll ? said.split('\n').filter(Boolean).map(Number) : []) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (/ganesha|rpcbind/.test(name)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended with the server.
    }
  }
}

test.serial(
  'killed at any moment, the server leaves no mounts and no devices that nobody uses',
  async (t) => {
    t.timeout(5 * 60_000);
    const lab = await openLab(t, 'ikill', { images: { registries: [] } });
    const random = randomNumbers(7);
    const content = Buffer.from(Array.from({ length: 400_000 }, () => random() * 256));
    const layouts = IMAGES.map((name) =>
      makeLayout(join(lab.folder, name), [
        tar(BOOTABLE),
        tar([{ path: 'base', content }]),
        tar([{ path: name, content: name }]),
      ]),
    );
    const made = await Promise.all(layouts);
    await lab.startServer();
    for (let round = 0; round < ROUNDS; round += 1) {
      const work = IMAGES.map(async (name, at) => {
        await lab.tryWalt('image', 'import', made[at] ?? '', '--name', `waltplatform/${name}`);
        await lab.tryWalt('image', 'gc');
      });
      await sleep(300 + random() * 2500);
      await kill(lab, round % 2 === 0);
      await Promise.all(work);
      await lab.startServer();
    }
    for (const [at, name] of IMAGES.entries()) {
      await lab.walt('image', 'import', made[at] ?? '', '--name', `waltplatform/${name}`);
    }
    await lab.walt('image', 'gc');
    t.is((await readdir(join(lab.folder, 'state/images'))).length, IMAGES.length);
    t.deepEqual(await readdir(join(lab.folder, 'state/tmp')), []);
    const devices = await eventually(
      () => devicesOf(lab),
      ({ length }) => length <= 6,
      60,
    );
    t.is(devices.length, 6, devices.join());
    t.notRegex(await lab.serverLog(), / {4}at /);
    await lab.endServer('SIGTERM');
  },
);
