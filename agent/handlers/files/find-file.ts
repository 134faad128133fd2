// A boot loader asks for a file, by TFTP or HTTP: what its address and path stand for.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decideFile, namesHostFile, type Place } from '../../boot/files.ts';
import { isStartFile } from '../../boot/local/start-file.ts';
import { mayBePi, serialIn } from '../../boot/raspberry-pi/files.ts';
import type { Speaker } from '../../boot/request.ts';
import type { StartRequest } from '../../boot/start-request.ts';
import type { Device } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf } from '../../errors.ts';
import type { ServerEvent } from '../../events/event.ts';
import { resolveInside } from '../../images/content/files/inside.ts';
import type { Refusals } from '../nodes/refusals.ts';
import type { LocalStarts } from '../start/local-starts.ts';

/** What is needed to find a file, the same for every request. */
export type FileContext = {
  readonly registry: Registry;
  /** root file system of an image, by digest */
  readonly rootOf: (digest: string) => string;
  /** holds the PXE tree */
  readonly pxeFolder?: string;
  /** answers GRUB, which asks what to start */
  readonly start: (request: StartRequest, address: string) => Promise<FileOutcome>;
  /** folder of the Raspberry Pi's own files; absent where this server has none */
  readonly piFolder?: string;
  /** the device as its boot loader says it is now, where that is not what is known of it */
  readonly asAnnounced?: (device: Device) => Device;
  /** who spoke last in the boot that runs, by MAC */
  readonly speakerOf?: (mac: string) => Speaker | undefined;
  /** whether a device loads its files by TFTP in small blocks, since it does not come up otherwise */
  readonly isCareful?: (mac: string) => boolean;
  /** counts how often a node that is to start from its own disk was led back */
  readonly localStarts?: LocalStarts;
  /** without it every refusal is logged */
  readonly refusals?: Refusals;
};

/** What a path stands for; `size` is in bytes, `reason` is told to who asks. */
export type FoundFile =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly size: number;
      /** what asks takes a block that came twice for two */
      readonly isPatient?: true;
      /** it is sent in small blocks, one after the other */
      readonly isSmall?: true;
      /** of its content, as HTTP names it; without it any bytes */
      readonly type?: string;
    }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly type?: string;
      /** of HTTP, where it is no good answer */
      readonly status?: 400 | 404;
    }
  | { readonly kind: 'not-found'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** What was found, for which device, and what happened. */
export type FileOutcome = {
  readonly found: FoundFile;
  readonly device?: Device;
  /** a person fetches it, to put it in a machine: no boot waits for it */
  readonly isMedium?: true;
  readonly events: readonly ServerEvent[];
};

/**
 * Finds what a client means by a path.
 * @param address of the client, dotted IPv4
 * @throws whatever a failed write throws
 */
export async function findFile(
  path: string,
  address: string,
  context: FileContext,
): Promise<FileOutcome> {
  const known = context.registry.byIp(address);
  const device = known && (context.asAnnounced?.(known) ?? known);
  const speaker = device === undefined ? undefined : context.speakerOf?.(device.mac);
  const localTries = triesOf(path, device, context);
  const asker = device && { ...device, localTries, ...(speaker === undefined ? {} : { speaker }) };
  const decision = decideFile(path, asker);
  if (decision.kind === 'start') return await context.start(decision.request, address);
  const found = await look(path, decision, { ...context, speaker, mac: device?.mac });
  const events = await learnSerial(path, device, context);
  if (found.kind === 'refused') {
    events.push(...logged({ from: address, path, reason: found.reason }, context));
  }
  return { found, events, ...(device === undefined ? {} : { device }) };
}

function triesOf(path: string, device: Device | undefined, { localStarts }: FileContext): number {
  if (device?.bootsLocal !== true || !isStartFile(path.replace(/^\/+/, ''))) return 0;
  return localStarts?.take(device.mac) ?? 0;
}

/** The firmware of a Raspberry Pi asks in a folder named after its board first. A full disk stops no boot. */
async function learnSerial(
  path: string,
  device: Device | undefined,
  { registry }: FileContext,
): Promise<ServerEvent[]> {
  if (device === undefined || device.serial !== undefined || !mayBePi(device.model)) return [];
  const serial = serialIn(path);
  if (serial === undefined) return [];
  try {
    await registry.change(device.mac, (now) => now && { ...now, serial });
    return [];
  } catch (reason) {
    return [{ kind: 'problem', source: 'store', message: messageOf(reason) }];
  }
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
  place: Place,
  context: FileContext & {
    readonly speaker: Speaker | undefined;
    readonly mac: string | undefined;
  },
): Promise<FoundFile> {
  const found = await open(place, context);
  if (found.kind === 'not-found' && namesHostFile(path)) {
    return { kind: 'refused', reason: 'the path is absolute' };
  }
  const isPi = context.speaker === 'raspberry-pi';
  if (found.kind !== 'file') return found;
  const isSmall = context.mac !== undefined && context.isCareful?.(context.mac) === true;
  return { ...found, ...(isPi ? { isPatient: true } : {}), ...(isSmall ? { isSmall } : {}) };
}

async function open(place: Place, context: FileContext): Promise<FoundFile> {
  const { rootOf, piFolder } = context;
  switch (place.kind) {
    case 'pxe-file':
      return (await pxeFile(place.path, context)) ?? (await open(place.otherwise, context));
    case 'one-of':
      return await openFirst(place.places, context);
    case 'image-file':
      return await openInImage(place, rootOf(place.root));
    case 'rpi-file':
      return await openPiFile(place.path, piFolder);
    default:
      return place;
  }
}

/** A link that leads out of the folder is nothing to tell of to whoever asks: a folder of ours has none. */
async function openPiFile(path: string, folder: string | undefined): Promise<FoundFile> {
  const inside = folder === undefined ? undefined : await resolveInside(folder, path);
  if (inside?.kind === 'file') return { ...inside, isPatient: true };
  return { kind: 'not-found', reason: `no file of Raspberry Pis is called ${path}` };
}

async function openFirst(places: readonly Place[], context: FileContext): Promise<FoundFile> {
  let found: FoundFile = { kind: 'not-found', reason: 'nowhere to look' };
  for (const place of places) {
    found = await open(place, context);
    if (found.kind !== 'not-found') return found;
  }
  return found;
}

async function openInImage(
  { path, onlyWith }: Extract<Place, { kind: 'image-file' }>,
  root: string,
): Promise<FoundFile> {
  const missing = { kind: 'not-found', reason: `the image has no file /${path}` } as const;
  if (onlyWith !== undefined && (await resolveInside(root, onlyWith)).kind !== 'file')
    return missing;
  const inside = await resolveInside(root, path);
  return inside.kind === 'not-found' ? missing : inside;
}

/** The folder is the operator's own, its files are named in a table: links in it may lead anywhere. */
async function pxeFile(name: string, { pxeFolder }: FileContext): Promise<FoundFile | undefined> {
  if (pxeFolder === undefined) return undefined;
  const path = join(pxeFolder, name);
  const status = await stat(path).catch(() => undefined);
  return status?.isFile() ? { kind: 'file', path, size: status.size } : undefined;
}
