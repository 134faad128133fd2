// A board of a kind that no code here knows: the server learns its model from what its boot loader announces.
import { join } from 'node:path';
import test from 'ava';
import { runUBoot } from '../../../lab/firmware/boot.ts';
import { Station } from '../../../lab/firmware/station.ts';
import { plugWire } from '../../../lab/network/wire.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { openLab } from '../../support/lab.ts';

const MODEL = 'foo-7.x';

type Device = { type: string; model: string | null };

test('a model that the server never heard of is detected, waits, and boots once it has an image', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'newboard');
  const wire = await plugWire(lab.namespace, 'board');
  t.teardown(() => wire.close());
  const devices = async (): Promise<Device[]> =>
    JSON.parse(await lab.walt('device', 'show', '--json')).devices;
  const start = async () => {
    const run = await runUBoot(new Station(wire, '02:00:5e:00:53:01'), MODEL);
    return run?.start.kind === 'file' ? run.start.bytes.toString('latin1') : run?.start.kind;
  };

  await lab.startServer();
  t.regex((await start()) ?? '', /no image for model foo-7\.x yet; retrying"\nsleep 5\nreset\n$/);
  t.like(await devices(), [{ type: 'server' }, { type: 'unknown', model: MODEL }]);
  t.regex(await lab.walt('device', 'show'), /no image for model foo-7\.x yet/);

  const boot = ['start.uboot', 'kernel', 'initrd'].map((file) => `boot/${MODEL}/${file}`);
  const files = ['bin/busybox', 'sbin/init', ...boot];
  const layout = await makeTinyImage(join(lab.folder, 'image'), {
    files,
    labels: { 'walt.node.models': MODEL },
  });
  await lab.walt('image', 'import', layout, '--name', `waltplatform/${MODEL}-default:latest`);
  t.is(await start(), `boot/${MODEL}/start.uboot`);
  t.like(await devices(), [{ type: 'server' }, { type: 'node', model: MODEL }]);
  t.regex(
    await lab.walt('log', 'show', '--platform'),
    /new node \(device type previously unknown\) name=node-005301 model=foo-7\.x/,
  );
});
