// A board of QEMU's (`virt`) with our U-Boot and a disk of its own, on walt-net with a server that has an image for it.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { buildQemuUBoot, uBootScript } from '../../../lab/built.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { Vm } from '../../../lab/machines/vm.ts';
import { makeTinyImage } from '../images/tiny-image.ts';
import { openLab } from '../lab.ts';
import { makeUBootDisk } from './u-boot-disk.ts';

/** What the start script of the image says, before it lets the board begin anew. */
export const IMAGE_SAYS = /the image of this board starts/;

const MODEL = 'qemu-arm64';
const PATIENCE = { seconds: 300 };

/** A board that has just run the start script of its image; its name is `node-` and the end of its MAC. */
export type UBootLab = { readonly lab: Lab; readonly board: Vm; readonly node: string };

/**
 * @param name unlike that of any other test; at most 8 characters
 * @param contents of the board's disk, by path; none: it has no disk
 */
export async function openUBootLab(
  t: ExecutionContext,
  name: string,
  contents: Readonly<Record<string, string | Uint8Array>> | undefined,
): Promise<UBootLab> {
  const lab = await openLab(t, name);
  await lab.startServer();
  const start = `boot/${MODEL}/start.uboot`;
  const image = await makeTinyImage(join(lab.folder, 'image'), {
    files: ['bin/busybox', 'sbin/init', start, `boot/${MODEL}/kernel`],
    labels: { 'walt.node.models': MODEL },
    architecture: 'arm64',
    contents: { [start]: uBootScript('echo the image of this board starts\nsleep 3\n') },
  });
  await lab.walt('image', 'import', image, '--name', `waltplatform/${MODEL}-default`);
  const disk = join(lab.folder, 'own.img');
  const extraArguments = contents === undefined ? [] : await makeUBootDisk(disk, contents);
  const board = await lab.startMachine({
    ...{ name, mac: '52:54:00:00:0e:02', firmware: 'u-boot-arm64', extraArguments },
    bios: await buildQemuUBoot(),
  });
  await board.waitForSerial(IMAGE_SAYS, PATIENCE);
  return { lab, board, node: 'node-000e02' };
}
