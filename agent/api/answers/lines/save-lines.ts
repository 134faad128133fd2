// The answer to `nodes.save`: what changed on a running node is read by ssh, and becomes an image.
import { randomUUID } from 'node:crypto';
import type { Node } from '../../../devices/device.ts';
import { ImageError } from '../../../errors.ts';
import { sizeText } from '../../../host/text/size-text.ts';
import type { Progress } from '../../../images/content/progress.ts';
import type { Target } from '../../../images/content/target.ts';
import type { ImageStore } from '../../../images/intake/image-store.ts';
import { saveChanges } from '../../../images/workshop/changes/save-changes.ts';
import type { NodeLogins } from '../../../ssh/node-logins.ts';
import { scriptCommand } from '../../../ssh/quote.ts';
import { SEND_CHANGES } from '../../../ssh/scripts.ts';
import type { Caller } from '../../calls/call.ts';
import type { ImageUsers } from '../views.ts';
import { imageLines } from './image-lines.ts';
import type { ProgramParts } from './program-lines.ts';

/** What it needs. */
export type SaveParts = ProgramParts &
  ImageUsers & {
    readonly logins: NodeLogins;
    readonly images: Pick<ImageStore, 'withWork' | 'documentsOf' | 'take'>;
  };

type Wanted = { readonly node: Node; readonly target: Target };

const LONGEST_COMPLAINT = 2000;
const PAUSE_MS = 1000;

/** Reads, then makes the image. */
export function saveLines(parts: SaveParts, caller: Caller, { node, target }: Wanted) {
  return imageLines(parts, caller.signal, async ({ progress }) => {
    progress(`reading what changed on ${node.name}`);
    return await saveChanges(parts.images, {
      base: digestIn(node.root),
      node: node.name,
      archive: changesOf(node, { ...parts, ...caller, progress }),
      target,
      progress,
    });
  });
}

/** A key of a root begins with the digest of its image. */
function digestIn(root: string): string {
  return root.split('-', 1)[0] ?? '';
}

async function* changesOf(
  { name, ...node }: Node,
  options: SaveParts & Caller & { readonly progress: Progress },
): AsyncGenerator<Buffer> {
  const { logins, shellRuns, user, signal, progress } = options;
  await using login = await logins.open({ name, ...node }, user);
  const over = AbortSignal.any([signal, login.left]);
  const id = randomUUID();
  const command = login.command({ kind: 'command', command: scriptCommand(SEND_CHANGES) });
  const running = await shellRuns.start({ id, command }, { user, terminal: undefined });
  const end = () => void shellRuns.end(id);
  over.addEventListener('abort', end, { once: true });
  let complaint = '';
  let total = 0;
  let next = performance.now() + PAUSE_MS;
  try {
    over.throwIfAborted();
    for await (const { bytes, isError } of running.output) {
      if (isError) complaint = `${complaint}${bytes}`.slice(0, LONGEST_COMPLAINT);
      if (isError) continue;
      yield bytes;
      total += bytes.length;
      if (performance.now() < next) continue;
      next = performance.now() + PAUSE_MS;
      progress(`reading what changed on ${name}: ${sizeText(total)}`);
    }
    const status = await running.ended;
    over.throwIfAborted();
    const trouble = await login.failure(status);
    if (trouble !== undefined) throw new ImageError(trouble);
    if (status === 0) return;
    throw new ImageError(`Cannot save ${name}: ${complaint.trim() || 'it broke off'}`);
  } finally {
    over.removeEventListener('abort', end);
    await shellRuns.end(id);
  }
}
