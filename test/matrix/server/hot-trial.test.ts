// An image is imported, and the server boots it for itself: the first node that comes has a pack, and nobody saw the machine.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { defaultImage } from '../../../lab/lab.ts';
import { eventually, openLab } from '../../support/lab.ts';

const SECONDS = 600;

test('the first node that boots an image gets a pack, which a boot of the server made', async (t) => {
  t.timeout(25 * 60_000);
  const lab = await openLab(t, 'trial', { images: { hotPackTrials: 'always' } });
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  const machines = () => readdir(join(lab.folder, 'state/machines')).catch(() => []);
  await eventually(machines, (names) => names.length === 1, 120);
  const devices = async () => {
    const { devices: all } = JSON.parse(await lab.walt('device', 'show', '--json'));
    return all.map(({ name }: { readonly name: string }) => name);
  };
  t.deepEqual(await devices(), ['walt-server']);
  const log = () => lab.walt('log', 'show', '--platform', '--history', 'full');
  const made = /what pc-x86-64 reads of it to boot is sent in one pack of \d+\.\d MB/;
  const lines = await eventually(log, (text) => made.test(text) || /in vain/.test(text), SECONDS);
  t.regex(lines, made);
  await eventually(machines, (names) => names.length === 0, 60);
  t.notRegex(await log(), /trial|virtual node|booted/);
  t.deepEqual(await devices(), ['walt-server']);
  t.deepEqual(await readdir(join(lab.folder, 'state/identities')).catch(() => []), []);

  await lab.walt('node', 'create', 'pc-1', 'ram=1G');
  await lab.walt('node', 'wait', 'pc-1', '--timeout', String(SECONDS));
  const { node, stages } = JSON.parse(await lab.walt('node', 'show', 'pc-1', '--json'));
  const pack = stages.find(({ path = '' }: { path?: string }) => path.includes('walt-hot-pack'));
  t.like(pack, { via: 'http', outcome: 'complete' });
  t.regex(await lab.ssh(node.ip, 'grep " / overlay " /proc/mounts'), /lowerdir=\S+\/hot:\//);
});
