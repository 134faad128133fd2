// Which file a boot loader gets for the path it asks for, by TFTP or HTTP alike. Pure: it names a file of an
// image or makes the content; whether the file exists is the caller's to find out.

import { localStartFile } from './local/start-file.ts';
import { modelOf } from './models.ts';
import { pxeFileOf } from './pxe/pxe-tree.ts';
import { mayBePi, piFileOf } from './raspberry-pi/files.ts';
import type { Speaker } from './request.ts';
import { retryFile } from './retry-file.ts';
import { readStartRequest, type StartRequest } from './start-request.ts';

/** What is known of the device that asks. */
export type Asker = {
  readonly model?: string;
  /** digest of the image the node boots; absent for a device that is no node */
  readonly root?: string;
  /** who asked for an address last, in this boot */
  readonly speaker?: Speaker;
  /** it is to start from its own disk */
  readonly bootsLocal?: true;
  /** how often it was led back to this server instead, 0 at first */
  readonly localTries?: number;
};

/** What to answer a request for a file with. */
export type FileDecision =
  /** a configuration made for this one machine */
  { readonly kind: 'start'; readonly request: StartRequest } | Place;

/** Where a file is to be looked for, or why it is not. */
export type Place =
  /** a file of the PXE tree; `otherwise` where the tree lacks it */
  | { readonly kind: 'pxe-file'; readonly path: string; readonly otherwise: Place }
  /** counts only if the image has the file `onlyWith` too */
  | {
      readonly kind: 'image-file';
      readonly root: string;
      readonly path: string;
      readonly onlyWith?: string;
    }
  /** in the server's folder of the Raspberry Pi's own files */
  | { readonly kind: 'rpi-file'; readonly path: string }
  /** the first that exists; where none does, what the last says */
  | { readonly kind: 'one-of'; readonly places: readonly Place[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'not-found'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Decides what `path` means for `asker`; undefined asker: an address that was never given to anyone. */
export function decideFile(path: string, asker: Asker | undefined): FileDecision {
  const complaint = complaintAboutPath(path);
  if (complaint !== undefined) return { kind: 'refused', reason: complaint };
  const relative = path.replace(/^\/+/, '');
  const start = readStartRequest(relative);
  if (start !== undefined) return { kind: 'start', request: start };
  const decision = decideImageFile(path, relative, asker);
  const place = mayBePi(asker?.model) ? orPiFile(decision, relative, asker) : decision;
  const pxe = pxeFileOf(path);
  return pxe === undefined ? place : { kind: 'pxe-file', path: pxe, otherwise: place };
}

function decideImageFile(path: string, relative: string, asker: Asker | undefined): Place {
  const local = asker?.bootsLocal ? localStartFile(relative, asker.localTries ?? 0) : undefined;
  if (local !== undefined) return { kind: 'bytes', bytes: local };
  if (asker?.root !== undefined && asker.model !== undefined) {
    return { kind: 'image-file', root: asker.root, path: `boot/${asker.model}/${relative}` };
  }
  const retry = retryFile(relative, asker?.model);
  if (retry !== undefined) return { kind: 'bytes', bytes: retry };
  if (namesHostFile(path)) return { kind: 'refused', reason: 'the path is absolute' };
  return {
    kind: 'not-found',
    reason: asker === undefined ? 'this address is of no known device' : 'this device has no image',
  };
}

/**
 * Firmware and U-Boot ask for files of the same name, a device tree above all. What U-Boot asks for is the image's. Firmware
 * gets ours, which start our U-Boot, unless the image brings all that the firmware needs: then it has a config.txt.
 */
function orPiFile(decision: Place, relative: string, asker: Asker | undefined): Place {
  if (asker !== undefined && goesOnToCard(asker)) {
    return { kind: 'not-found', reason: 'this node is to start from its own card' };
  }
  const path = piFileOf(relative);
  if (path === undefined || decision.kind === 'bytes' || decision.kind === 'refused') {
    return decision;
  }
  const ours = { kind: 'rpi-file', path } as const;
  if (decision.kind !== 'image-file') return { kind: 'one-of', places: [ours, decision] };
  if (asker?.speaker !== 'raspberry-pi')
    return { kind: 'one-of', places: [decision, ours, decision] };
  const onlyWith = `boot/${asker.model}/config.txt`;
  return { kind: 'one-of', places: [{ ...decision, onlyWith }, ours, decision] };
}

/** The firmware itself asks: where it gets nothing it looks on the card, and then asks again. */
function goesOnToCard({ bootsLocal, speaker, model }: Asker): boolean {
  if (!bootsLocal || speaker !== 'raspberry-pi' || model === undefined) return false;
  return modelOf(model).localStart.kind === 'firmware';
}

/** Top-level folders of a Debian host (FHS 3.0 §3.2). */
const HOST_FOLDERS =
  'bin|boot|dev|etc|home|lib|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var';

/**
 * Whether `path` names a file of the host rather than one of a node. Many boot loaders put a slash before every path,
 * so an absolute one is looked for in the node's folder first, and is only then what it seems.
 */
export function namesHostFile(path: string): boolean {
  return new RegExp(`^/+(${HOST_FOLDERS})/`).test(path);
}

function complaintAboutPath(path: string): string | undefined {
  if (path.includes('\0')) return 'the path has a NUL byte';
  if (path.includes('\\')) return 'the path has a backslash';
  if (path.split('/').includes('..')) return 'the path leads upwards (..)';
  if (path.length > 512) return 'the path is longer than 512 characters';
  if (/^\/*$/.test(path)) return 'the path is empty';
  return undefined;
}
