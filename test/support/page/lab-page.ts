// A lab whose server has the page, with simulated boards, and a browser in its network.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { createClient } from '../../../agent/cli/client.ts';
import type { BoardsPlan } from '../../../lab/healing/courses.ts';
import type { Lab, Settings } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { plugMachine } from '../../../lab/network/plug-machine.ts';
import { Background } from '../../../lab/programs/background.ts';
import { BOOTABLE, makeLayout, tar } from '../images/tar.ts';
import { openLab } from '../lab.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const SERVER = '192.168.152.1';
const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const PROGRAM = join(ROOT, 'lab/healing/boards.ts');
const PORT = 8443;

/** Where the page is, for who is in the lab's network. */
export const PAGE_URL = `https://127.0.0.1:${PORT}`;
export const USER = 'alice';
export const PASSWORD = 'correct horse battery';

/**
 * A server with an image and an administrator; no board yet.
 * @param name of the lab, at most 8 characters
 * @param api further keys of it
 * @param network where it is another one than usual
 */
export async function openPageLab(
  t: ExecutionContext,
  name: string,
  api: Readonly<Record<string, string | object>> = {},
  network: { readonly address?: string; readonly dhcp?: Settings } = {},
): Promise<Lab> {
  const { dhcp, ...options } = network;
  const settings = {
    images: { registries: [] },
    api: { listen: [`127.0.0.1:${PORT}`], ...api },
    ...(dhcp === undefined ? {} : { dhcp }),
  };
  const lab = await openLab(t, name, settings, options);
  await lab.startServer();
  const { signal } = new AbortController();
  const client = createClient({ socket: join(lab.folder, 'walt.sock'), user: 'root', signal });
  await client.call('users.create', { name: USER, role: 'admin', password: PASSWORD });
  const folder = await temporaryFolder(t);
  const files = BOOTABLE.map((entry) =>
    entry.path.endsWith('/kernel') ? { ...entry, content: Buffer.alloc(20_000, 1) } : entry,
  ).concat({ path: 'boot/pc-x86-64/initrd', content: 'initrd' });
  const layout = await makeLayout(join(folder, 'made'), [tar(files)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default:latest');
  return lab;
}

/** Switches boards on, each with its courses. */
export async function plugBoards(
  t: ExecutionContext,
  lab: Lab,
  boards: BoardsPlan['boards'],
): Promise<Background> {
  const name = `walt-lab-page-b-${process.pid}`;
  const card = { name: 'card', mac: '52:54:00:0b:0a:02', port: 'boards' };
  const machine = await plugMachine(lab.namespace, { name, card });
  await ip('-n', name, 'address', 'add', '192.168.152.250/24', 'dev', card.name);
  await ip('-n', name, 'route', 'add', '255.255.255.255', 'dev', card.name);
  const power = join(lab.folder, 'power');
  const plan: BoardsPlan = { server: SERVER, card: card.name, power, lateMs: 1000, boards };
  const running = new Background(machine.command([NODE, PROGRAM, JSON.stringify(plan)]));
  t.teardown(() => machine.remove());
  t.teardown(() => running.kill());
  return running;
}

/** A program that begins Chromium in the network of the lab. */
export async function browserProgram(lab: Lab): Promise<string> {
  const path = join(lab.folder, 'chromium');
  const words = lab.namespace.command(['/usr/bin/chromium']).map((word) => `'${word}'`);
  await writeFile(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return path;
}
