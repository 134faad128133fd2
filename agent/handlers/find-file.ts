// A boot loader asks for a file, by TFTP or HTTP: what its address and path stand for.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decideFile, type FileDecision, namesHostFile } from '../boot/files.ts';
import type { StartRequest } from '../boot/start-request.ts';
import { resolveInside } from '../images/inside.ts';
import type { Device } from '../nodes/device.ts';
import type { ServerEvent } from '../nodes/events.ts';
import type { Registry } from '../nodes/registry.ts';
import type { StartOutcome } from './on-start-request.ts';
import type { Refusals } from './refusals.ts';

export type FileContext = {
  readonly registry: Registry;
  /** root file system of an image, by digest */
  readonly rootOf: (digest: string) => string;
  /** holds the PXE tree */
  readonly pxeFolder?: string;
  /** answers GRUB, which asks what to start */
  readonly start: (request: StartRequest, address: string) => Promise<StartOutcome>;
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
  const decision = decideFile(path, device);
  if (decision.kind === 'start') return await context.start(decision.request, address);
  const found = await look(path, decision, context);
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

type Plain = Exclude<FileDecision, { readonly kind: 'start' }>;

async function look(path: string, decision: Plain, context: FileContext): Promise<FoundFile> {
  if (decision.kind === 'pxe-file') {
    const file = await pxeFile(decision.path, context);
    return file ?? (await look(path, decision.otherwise, context));
  }
  if (decision.kind === 'text') {
    return { kind: 'bytes', bytes: new TextEncoder().encode(decision.text) };
  }
  if (decision.kind !== 'image-file') return decision;
  const inside = await resolveInside(context.rootOf(decision.root), decision.path);
  if (inside.kind !== 'not-found') return inside;
  if (namesHostFile(path)) return { kind: 'refused', reason: 'the path is absolute' };
  return { kind: 'not-found', reason: `the image has no file /${decision.path}` };
}

/** The folder is the operator's own, its files are named in a table: links in it may lead anywhere. */
async function pxeFile(name: string, { pxeFolder }: FileContext): Promise<FoundFile | undefined> {
  if (pxeFolder === undefined) return undefined;
  const path = join(pxeFolder, name);
  const status = await stat(path).catch(() => undefined);
  return status?.isFile() ? { kind: 'file', path, size: status.size } : undefined;
}
