// The bridge of walt-net is taken away and made anew under a running server: a machine that comes then boots like any other.
import { join } from 'node:path';
import test from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { Background } from '../../../lab/programs/background.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';
import { makeBridgeAnew } from '../../support/network/make-anew.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVER = '192.168.152.1';
const LOADER = join(import.meta.dirname, '../../../lab/firmware/loader.sh');

test('a machine boots where walt-net was made anew', async (t) => {
  t.timeout(3 * 60_000);
  const lab = await openLab(t, 'anew', { images: { registries: [] } });
  const folder = await temporaryFolder(t);
  await lab.startServer();
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default');
  const machine = await plugMachine(lab.namespace, {
    name: `walt-lab-anewc-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0f:02', port: 'port' },
  });
  t.teardown(() => machine.remove());
  await makeBridgeAnew(lab.namespace, { port: 'port' });
  await waitForText(lab.serverLog, /walt-net was made anew: DHCP listens on the new one/, {
    ...{ what: 'the server', seconds: 30 },
  });
  const loader = new Background(
    machine.command(['sh', LOADER, 'card', SERVER, TAKE_ADDRESS, folder]),
  );
  t.teardown(() => loader.kill());
  await waitForText(lab.serverLog, /node node-000f02 is booted/, {
    ...{ what: 'the server', seconds: 60 },
  });
  t.regex(loader.said, /fetched the kernel/);
});
