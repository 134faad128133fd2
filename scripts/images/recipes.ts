// Every default image that can be built. Which models share an image, the table of boards says.
import { type Board, boards } from '../boards.ts';
import { kernels } from './boot/kernels.ts';
import { debian } from './debian/debian.ts';
import type { ImageModel, ImageRecipe, KernelRecipe, StartFile } from './recipe.ts';

/** What an image is made of, besides Debian and what the models that share it have. */
export type RecipeRow = {
  readonly kernel: KernelRecipe;
  readonly start: StartFile;
  /** Debian packages beside those of all images */
  readonly more?: readonly string[];
};

/** By the name that the rows of boards have for it. */
export type RecipeRows = Readonly<Record<string, RecipeRow>>;

const IPXE: StartFile = { file: 'start.ipxe', template: 'boot-artifacts/images/pc/start.ipxe' };

const UBOOT = { file: 'start.uboot', template: 'boot-artifacts/images/arm/start.uboot' } as const;

/** `walt node reboot` goes by it. Boards have drivers that do not bear it. */
const KEXEC = ['kexec-tools'];

export const recipeRows: RecipeRows = {
  'pc-x86-64': { kernel: kernels.amd64, start: IPXE, more: KEXEC },
  'pc-x86-32': { kernel: kernels.i386, start: IPXE, more: KEXEC },
  'rpi-armel': { kernel: kernels.armel, start: { ...UBOOT, command: 'bootz' } },
  'rpi-armhf': { kernel: kernels.armhf, start: { ...UBOOT, command: 'bootz' } },
  'rpi-arm64': { kernel: kernels.arm64, start: { ...UBOOT, command: 'booti', packsKernel: true } },
  'coral-dev-board': {
    kernel: kernels.coral,
    start: {
      ...{ ...UBOOT, command: 'booti', wrapsInitrd: true },
      before: 'boot-artifacts/images/coral/device-tree.uboot',
    },
  },
};

export const recipes = makeRecipes(boards, recipeRows);

/** Each row with the boards that name it. @throws {Error} for a row that no board names */
export function makeRecipes(known: readonly Board[], rows: RecipeRows): readonly ImageRecipe[] {
  return Object.entries(rows).map(([name, { more = [], ...row }]) => {
    const sharing = known.filter(({ image }) => image === name);
    const [board] = sharing;
    if (board === undefined) throw new Error(`Cannot make image ${name}: no board has it`);
    return {
      name,
      reference: `waltplatform/${name}-default:latest`,
      models: sharing.map(modelOf),
      architecture: board.architecture,
      ...debian,
      packages: [...debian.packages, ...more],
      ...row,
    };
  });
}

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
