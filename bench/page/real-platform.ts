// walt-server with 1,000 simulated boards that are up, of which 25 a second lose their connection and make it again: two events each.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '../../agent/cli/client.ts';
import { makeQuickImage } from '../../lab/boards/quick-image.ts';
import { defaultImage, makeLab } from '../../lab/lab.ts';
import { bootsOf, plugBoardsHost, STORM_ADDRESS, STORM_DHCP } from '../../lab/storm/boards-host.ts';
import { EVENTS_A_SECOND, NODES, type Platform } from './platform.ts';

const PORT = 8443;
const USER = 'alice';
const PASSWORD = 'correct horse battery';
const IMAGE = 'waltplatform/pc-x86-64-default:latest';
/** Seconds until all boards are up, at most, and for which they lose connections: longer than any bench. */
const BOUND = 600;
const LOSING = 3600;

/** @param folder for what is made */
export async function startRealPlatform(folder: string): Promise<Platform> {
  const parts = new AsyncDisposableStack();
  const settings = {
    images: { registries: [] },
    dhcp: STORM_DHCP,
    api: { listen: [`127.0.0.1:${PORT}`] },
  };
  const lab = await makeLab('pages', settings, { programs: 'bundled', address: STORM_ADDRESS });
  parts.defer(() => lab.close());
  const host = parts.use(await plugBoardsHost(lab.namespace, `walt-pages-${process.pid}`));
  await lab.startServer();
  const { signal } = new AbortController();
  const client = createClient({ socket: join(lab.folder, 'walt.sock'), user: 'root', signal });
  await client.call('users.create', { name: USER, role: 'admin', password: PASSWORD });
  const layout = await makeQuickImage(defaultImage, join(folder, 'quick'));
  await lab.walt('image', 'import', layout, '--name', IMAGE);
  const boards = host.switchOn(NODES);
  parts.defer(() => boards.kill());
  await bootsOf(boards, BOUND);
  boards.child.stdin?.write(`lose ${EVENTS_A_SECOND / 2} ${LOSING}\n`);
  const chromium = join(folder, 'chromium');
  const words = lab.namespace.command(['/usr/bin/chromium']).map((word) => `'${word}'`);
  await writeFile(chromium, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return {
    url: `https://127.0.0.1:${PORT}`,
    chromium,
    logIn: async (page) => {
      await page.getByLabel('User').fill(USER);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in' }).click();
    },
    close: () => parts.disposeAsync(),
  };
}
