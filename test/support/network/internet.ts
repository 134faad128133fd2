// A machine that plays the internet: a page on it, and no way of its own to walt-net.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { Background } from '../../../lab/programs/background.ts';
import type { Namespace } from '../namespace.ts';
import { plugOffice } from './office.ts';

/** Its address. */
export const INTERNET = '10.9.9.2';
/** What the page is. */
export const PAGE = 'a page';

/** @param name as that of the lab */
export async function plugInternet(
  t: ExecutionContext,
  lab: Lab,
  name: string,
): Promise<Namespace> {
  const walt = '192.168.152.0/24';
  const place = `walt-lab-${name}i-${process.pid}`;
  const internet = await plugOffice(t, lab.namespace, { name: place, walt });
  await ip('-n', internet.name, 'route', 'delete', walt);
  const folder = join(lab.folder, 'page');
  await mkdir(folder);
  await writeFile(join(folder, 'index.html'), PAGE);
  const argv = ['busybox', 'httpd', '-f', '-p', `${INTERNET}:80`, '-h', folder];
  const page = new Background(internet.command(argv));
  t.teardown(() => page.kill());
  return internet;
}
