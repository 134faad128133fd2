// Does what a dialog has said, and tells what came of it.
import { call, lines } from '../../server/client.ts';
import type { Action } from '../../state/nodes/actions.ts';
import type { NodeView } from '../../state/nodes/node-view.ts';
import { loadSoon } from '../../state/nodes/nodes.ts';
import { notify } from '../../state/notices.ts';
import { texts } from '../../texts.ts';

/** What is wanted. */
export type Wish = {
  readonly action: Action;
  readonly nodes: readonly NodeView[];
  readonly image: string;
  readonly takesOthers: boolean;
  readonly isHard: boolean;
};

type Switching = { readonly names: string[]; readonly takesOthers: boolean };

/** @param reboots names of those that reboot afterwards. @throws {CallError} */
export async function doAction(wish: Wish, reboots: readonly string[]): Promise<void> {
  const { action, nodes, takesOthers } = wish;
  const asked = { names: nodes.map(({ name }) => name), takesOthers };
  const count = await run(wish, asked);
  if (reboots.length > 0) await reboot({ names: [...reboots], takesOthers }, wish.isHard);
  if (count > 0) notify('good', texts.dialog.done(texts.actions[action].replace('…', ''), count));
  loadSoon();
}

async function run({ action, image, isHard }: Wish, asked: Switching): Promise<number> {
  switch (action) {
    case 'acquire':
      return (await call('nodes.acquire', asked)).nodes.length;
    case 'release':
      return (await call('nodes.release', asked)).nodes.length;
    case 'boot':
      return (await call('nodes.boot', { ...asked, image })).nodes.length;
    case 'reboot':
      return await reboot(asked, isHard);
    case 'on':
    case 'off':
      return await count(lines('nodes.power', { ...asked, verb: action }));
  }
}

function reboot(asked: Switching, hard: boolean): Promise<number> {
  return count(lines('nodes.reboot', { ...asked, hard }));
}

type Done =
  | { readonly kind: 'node'; readonly name: string; readonly error: string | null }
  | { readonly kind: 'done' };

/** Says of each that failed why. @returns how many did not */
async function count(pages: AsyncIterable<readonly Done[]>): Promise<number> {
  let good = 0;
  for await (const page of pages) {
    for (const line of page) {
      if (line.kind === 'done') continue;
      if (line.error === null) good += 1;
      else notify('bad', texts.dialog.failed(line.name, line.error));
    }
  }
  return good;
}
