/** From a clone to a booted node, and giving nodes another image. */
import { defaultImage } from '../../../lab/lab.ts';
import { plainTable } from '../../harness/table.ts';
import { cloneAndBoot } from '../node.ts';
import { measureSwitches } from '../switch-nodes.ts';
import type { Part } from './part.ts';

export const nodes: Part = {
  name: 'nodes',
  async measure({ lab, rounds }) {
    const { clone, give, boot } = await cloneAndBoot(lab, { archive: defaultImage, rounds });
    const figure = (value: number) => `${value.toFixed(1)} s`;
    const booted = plainTable(
      ['from a clone to a booted node', 'median'],
      [
        ['`walt image clone`, the base is here', figure(clone)],
        ['`walt node boot`, until the node obeyed', figure(give)],
        ['until the node is booted (QEMU)', figure(boot)],
        ['together', figure(clone + give + boot)],
      ],
    );
    return `${booted}\n\n${await switchTable()}`;
  },
};

async function switchTable(): Promise<string> {
  const figures = await measureSwitches();
  const figure = (value: number) => `${value.toFixed(1)} ms`;
  return plainTable(
    ['another image for', 'median', 'most', 'aim', 'met'],
    figures.map(({ what, median, most, aim }) => [
      ...[what, figure(median), figure(most)],
      ...(aim === undefined ? ['', ''] : [`< ${aim} ms`, most < aim ? 'yes' : 'no']),
    ]),
  );
}
