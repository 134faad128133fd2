// From a clone to a booted node, as a person does it: `walt image clone`, `walt node boot`, `walt node wait`.
import type { Lab } from '../../lab/lab.ts';
import { median } from '../harness/compare.ts';
import { MORE } from './registry.ts';

const MAC = '52:54:00:be:00:07';
const NODE = 'node-be0007';

/** Seconds of one way. */
export type Way = { readonly clone: number; readonly give: number; readonly boot: number };

/** The node runs the default image of its model, which the cloned one has as its base. */
export async function cloneAndBoot(
  lab: Lab,
  { archive, rounds }: { readonly archive: string; readonly rounds: number },
): Promise<Way> {
  await lab.walt('image', 'import', archive);
  const vm = await lab.startPc({ name: 'bench', mac: MAC, firmware: 'bios' });
  const ways: Way[] = [];
  try {
    await waitUntilKnown(lab);
    for (let round = 0; round < rounds; round += 1) {
      await release(lab);
      ways.push(await once(lab));
      console.error(JSON.stringify(ways.at(-1)));
    }
  } finally {
    await vm.stop();
  }
  const middle = (part: keyof Way) => median(ways.map((way) => way[part]));
  return { clone: middle('clone'), give: middle('give'), boot: middle('boot') };
}

async function once(lab: Lab): Promise<Way> {
  const clone = await seconds(() => lab.walt('image', 'clone', `lab:${MORE}`, 'bench'));
  const give = await seconds(() => lab.walt('node', 'boot', NODE, 'bench', '--yes'));
  const boot = await seconds(() => wait(lab));
  return { clone, give, boot };
}

/** Back to the default image, with nothing left of the other. */
async function release(lab: Lab): Promise<void> {
  await wait(lab);
  await lab.walt('node', 'release', NODE, '--yes');
  await wait(lab);
  await lab.tryWalt('image', 'remove', 'bench');
  await lab.walt('image', 'gc');
}

async function waitUntilKnown(lab: Lab): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await lab.walt('device', 'show')).includes(NODE)) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`${NODE} did not come within 300 s`);
}

async function wait(lab: Lab): Promise<void> {
  await lab.walt('node', 'wait', NODE, '--timeout', '900');
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
