// PCs without a stick: the firmware's own network boot, from the PXE tree as built, until the default image is up.
import test from 'ava';
import { defaultImage, eventually, type Lab, openLab } from '../support/lab.ts';

const BOOT_SECONDS = '900';

test.before((t) => {
  t.timeout(30 * 60_000);
});

/** Paths of the files that the node got, in their order. */
async function filesOf(lab: Lab, node: string): Promise<string[]> {
  const { stages } = JSON.parse(await lab.walt('node', 'show', node, '--json'));
  return stages.flatMap(({ path, outcome }: { path?: string; outcome?: string }) =>
    path !== undefined && outcome === 'complete' ? [path.replace(/^\//, '')] : [],
  );
}

test.serial('a BIOS PC boots by PXE into the default image', async (t) => {
  t.timeout(30 * 60_000);
  const lab = await openLab(t, 'pxebios');
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  const mac = '52:54:00:00:0c:01';
  await lab.startMachine({ name: 'pxb', mac, firmware: 'bios', bootsFromNetwork: true });
  await eventually(
    () => lab.serverLog(),
    (log) => log.includes('new node'),
    600,
  );
  await lab.walt('node', 'wait', 'node-000c01', '--timeout', BOOT_SECONDS);
  const files = await filesOf(lab, 'node-000c01');
  t.deepEqual(
    files.filter((path) => ['pc.ipxe', 'start.ipxe', 'kernel', 'initrd'].includes(path)),
    ['pc.ipxe', 'start.ipxe', 'kernel', 'initrd'],
  );
});
