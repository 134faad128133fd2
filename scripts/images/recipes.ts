// Every default image that can be built. Which models share an image, the table of boards says.
import { type Board, boards } from '../boards.ts';
import { kernels } from './boot/kernels.ts';
import { debian } from './debian/debian.ts';
import type { ImageModel, ImageRecipe, KernelRecipe, StartFile } from './recipe.ts';

type Row = { readonly kernel: KernelRecipe; readonly start: StartFile };

const IPXE: StartFile = { file: 'start.ipxe', template: 'boot-artifacts/images/pc/start.ipxe' };

const UBOOT = { file: 'start.uboot', template: 'boot-artifacts/images/arm/start.uboot' } as const;

const rows: Readonly<Record<string, Row>> = {
  'pc-x86-64': { kernel: kernels.amd64, start: IPXE },
  'pc-x86-32': { kernel: kernels.i386, start: IPXE },
  'rpi-armel': { kernel: kernels.armel, start: { ...UBOOT, command: 'bootz' } },
  'rpi-armhf': { kernel: kernels.armhf, start: { ...UBOOT, command: 'bootz' } },
  'rpi-arm64': { kernel: kernels.arm64, start: { ...UBOOT, command: 'booti' } },
  'coral-dev-board': {
    kernel: kernels.coral,
    start: {
      ...{ ...UBOOT, command: 'booti', wrapsInitrd: true },
      before: 'boot-artifacts/images/coral/device-tree.uboot',
    },
  },
};

export const recipes: readonly ImageRecipe[] = Object.entries(rows).map(([name, row]) => {
  const sharing = boards.filter(({ image }) => image === name);
  const [board] = sharing;
  if (board === undefined) throw new Error(`Cannot make image ${name}: no board has it`);
  return {
    name,
    reference: `waltplatform/${name}-default:latest`,
    models: sharing.map(modelOf),
    architecture: board.architecture,
    ...debian,
    ...row,
  };
});

function modelOf(board: Board): ImageModel {
  const { model, console } = board;
  return { model, console, deviceTrees: deviceTreesOf(board) };
}

function deviceTreesOf(board: Board): readonly string[] {
  if (board.family === 'pc') return [];
  if (board.family !== 'rpi') return board.kernelTrees;
  // Debian has those of 64-bit kernels in a folder of their maker, and U-Boot asks for them accordingly.
  const folder = board.architecture === 'arm64' ? 'broadcom/' : '';
  return [...new Set(board.deviceTrees.map(({ linux }) => `${folder}${linux}.dtb`))];
}
