// The server's package for 64-bit ARM: its programs by QEMU, on the libraries of Debian's cross compiler.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import { systemClock } from '../../../agent/host/clock/clock.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';
import { buildPackages } from '../../support/server-machine/packages.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MINUTE = 60_000;
const EMULATOR = ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'];
const DEVICE: Device = {
  ...{ mac: '52:54:00:00:00:01', ip: '192.168.152.9', name: 'pi', firstSeen: 1 },
  type: 'unknown',
};

test('walt-server of the arm64 package runs, and has the same database', async (t) => {
  t.timeout(20 * MINUTE);
  const folder = await temporaryFolder(t);
  const wishes = { version: '0.1.0', images: {}, architecture: 'arm64' } as const;
  const [deb = ''] = (await buildPackages(folder, wishes)).filter((path) => /_arm64/.test(path));
  const root = join(folder, 'root');
  await succeed(['dpkg-deb', '--extract', deb, root], { seconds: 300 });
  const installed = (name: string) => join(root, 'usr/lib/walt', name);
  const run = async (name: string, ...words: string[]) => {
    const argv = [...EMULATOR, installed('node'), installed(name), ...words];
    return (await succeed(argv, { seconds: 600 })).stdout.toString();
  };
  const { machine } = await elfHeader(installed('node'));
  t.is(machine, 'aarch64');
  t.is(await run('walt-server', '--version'), '0.1.0\n');
  t.regex(await run('walt', '--help'), /^Usage: walt/);

  const [state, other] = [join(folder, 'state'), join(folder, 'other')];
  const [config, otherConfig] = [`${state}.yaml`, `${other}.yaml`];
  await writeFile(config, `state: ${state}\n`);
  await writeFile(otherConfig, `state: ${other}\n`);
  t.regex(await run('walt-server', '--config', config, '--check-config'), /can be used/);
  for (const each of [state, other]) await mkdir(each, { mode: 0o700 });
  const records = await openRecords(join(state, 'walt.db'), {}, systemClock);
  await put(records.registry, DEVICE);
  await records.store.close();
  const backup = join(folder, 'backup');
  await run('walt-server', 'backup', backup, '--config', config);
  await run('walt-server', 'restore', backup, '--config', otherConfig);
  const restored = await openRecords(join(other, 'walt.db'), {}, systemClock);
  t.is(restored.registry.byMac(DEVICE.mac)?.name, DEVICE.name);
  await restored.store.close();

  // Its terminals have a native part.
  const addon = installed('node_modules/@lydell/node-pty-linux-arm64/pty.node');
  const load = `typeof require(${JSON.stringify(addon)}).fork`;
  const argv = [...EMULATOR, installed('node'), '-p', load];
  t.is((await succeed(argv, { seconds: 300 })).stdout.toString(), 'function\n');
});

/** The processor that a program is for: byte 18 of its header (elf(5)). */
async function elfHeader(path: string): Promise<{ readonly machine: string }> {
  const bytes = await readFile(path);
  return { machine: bytes.readUInt16LE(18) === 183 ? 'aarch64' : 'another' };
}
