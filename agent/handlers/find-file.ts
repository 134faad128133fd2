// A boot loader asks for a file, by TFTP or HTTP: what its address and path stand for.
import { decideFile, namesHostFile } from '../boot/files.ts';
import { resolveInside } from '../images/inside.ts';
import type { Device } from '../nodes/device.ts';
import type { ServerEvent } from '../nodes/events.ts';
import type { Registry } from '../nodes/registry.ts';
import type { Refusals } from './refusals.ts';

export type FileContext = {
  readonly registry: Registry;
  /** root file system of an image, by digest */
  readonly rootOf: (digest: string) => string;
  /** without it every refusal is logged */
  readonly refusals?: Refusals;
};

export type FoundFile =
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'not-found'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

export type FileOutcome = {
  readonly found: FoundFile;
  readonly device?: Device;
  readonly events: readonly ServerEvent[];
};

/** @param address of the client, dotted IPv4 */
export async function findFile(
  path: string,
  address: string,
  context: FileContext,
): Promise<FileOutcome> {
  const device = context.registry.byIp(address);
  const found = await look(path, device, context);
  const events =
    found.kind === 'refused' ? logged({ from: address, path, reason: found.reason }, context) : [];
  return { found, events, ...(device === undefined ? {} : { device }) };
}

type Refused = Omit<Extract<ServerEvent, { kind: 'refused-file' }>, 'kind'>;

function logged(refused: Refused, { refusals }: FileContext): ServerEvent[] {
  const due = refusals === undefined ? { hidden: 0 } : refusals.take(refused.from);
  if (due === undefined) return [];
  const more = due.hidden === 0 ? '' : ` (${due.hidden} more were refused since the last line)`;
  return [{ kind: 'refused-file', ...refused, reason: `${refused.reason}${more}` }];
}

async function look(
  path: string,
  device: Device | undefined,
  { rootOf }: FileContext,
): Promise<FoundFile> {
  const decision = decideFile(path, device);
  if (decision.kind === 'text') {
    return { kind: 'bytes', bytes: new TextEncoder().encode(decision.text) };
  }
  if (decision.kind !== 'image-file') return decision;
  const inside = await resolveInside(rootOf(decision.root), decision.path);
  if (inside.kind !== 'not-found') return inside;
  if (namesHostFile(path)) return { kind: 'refused', reason: 'the path is absolute' };
  return { kind: 'not-found', reason: `the image has no file /${decision.path}` };
}
