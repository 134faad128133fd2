// Every default image that can be built. Which models share an image, the table of boards says.
import { type Board, boards } from '../boards.ts';
import { debian } from './debian.ts';
import { kernels } from './kernels.ts';
import type { ImageModel, ImageRecipe, KernelRecipe, StartFile } from './recipe.ts';

type Row = { readonly kernel: KernelRecipe; readonly start: StartFile };

const IPXE: StartFile = { file: 'start.ipxe', template: 'boot-artifacts/images/pc/start.ipxe' };

const rows: Readonly<Record<string, Row>> = {
  'pc-x86-64': { kernel: kernels.amd64, start: IPXE },
  'pc-x86-32': { kernel: kernels.i386, start: IPXE },
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

function modelOf({ model }: Board): ImageModel {
  return { model, console: 'ttyS0' };
}
