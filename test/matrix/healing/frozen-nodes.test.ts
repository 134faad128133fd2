// A virtual node that freezes in every way that a real machine can show is healed by its power, and the line says where it stopped;
// where the image itself is broken it boots the content that came up on it last. test/qemu/healing/healed.test.ts has more.
import test from 'ava';
import { createFrozenNode, openFrozenLab } from '../../support/machines/frozen-node.ts';

const BOOT = 'boot/pc-x86-64';
const NO_MOUNT = 'it loaded initrd by http last and mounted no root file system';

test('each freeze of a machine is healed, with the right reason', async (t) => {
  t.timeout(60 * 60_000);
  const frozen = await openFrozenLab(t, 'freezes');
  const script = (await frozen.read(`${BOOT}/start.ipxe`)).toString();
  const change = (from: string, to: string, [also, too] = ['', '']) => ({
    [`${BOOT}/start.ipxe`]: script.replace(from, to).replace(also, too),
  });
  const kernel = await frozen.read(`${BOOT}/kernel`);
  const cases = [
    {
      name: 'loader',
      files: change('boot || goto no_start', 'echo stands still\nprompt'),
      sign: /stands still/,
      why: NO_MOUNT,
    },
    {
      name: 'initrd',
      files: change(',115200', ',115200 rdinit=/bin/busybox -- sleep 99999'),
      sign: /Run \/bin\/busybox as init/,
      why: NO_MOUNT,
    },
    {
      name: 'export',
      // By itself it would begin anew after 180 s, which is less than a busy machine takes for the rest.
      files: change('/fs,ro', '/gone,ro', ['set walt_args ', '$&walt.nfs.seconds=1200 ']),
      sign: /waiting for server \S+ to serve the image/,
      why: NO_MOUNT,
    },
    {
      name: 'no-sshd',
      files: {
        'sbin/init':
          '#!/bin/busybox sh\necho no sshd >/dev/console\nexec /bin/busybox sleep 99999\n',
      },
      sign: /no sshd/,
      why: 'it mounted its root file system and never said that it is up',
      // Its keepers run, and hear the server.
      how: 'it is asked to reboot',
    },
  ];
  const node = await createFrozenNode(frozen, { name: 'pc-1', image: frozen.whole });
  await frozen.said(/node pc-1 is booted/);
  let healed = 0;
  for (const { name, files, sign, why, how } of cases) {
    await node.put(await frozen.variant(name, files));
    await frozen.lab.walt('node', 'reboot', 'pc-1', '--hard');
    await node.shows(sign);
    await node.put(frozen.whole);
    await node.isHelped(1, why, how);
    healed += 1;
    await frozen.said(
      new RegExp(`(?:pc-1 is up again, after it was helped once[\\s\\S]*){${healed}}`),
    );
  }
  await node.put(
    await frozen.variant('half', { [`${BOOT}/kernel`]: kernel.subarray(0, kernel.length / 2) }),
  );
  await frozen.lab.walt('node', 'reboot', 'pc-1', '--hard');
  await node.isHelped(5);
  await frozen.said(
    /pc-1 is up again with the content that came up on it last \(.*after it was helped 5 times/,
  );
  t.notRegex(await frozen.lab.serverLog(), /quarantine/);
});
