// Which file a boot loader gets for the path it asks for, by TFTP or HTTP alike. Pure: it names a file of an
// image or makes the content; whether the file exists is the caller's to find out.

import { pxeFileOf } from './pxe-tree.ts';
import { readStartRequest, type StartRequest } from './start-request.ts';

/** What is known of the device that asks. */
export type Asker = {
  readonly model?: string;
  /** digest of the image the node boots; absent for a device that is no node */
  readonly root?: string;
};

export type FileDecision =
  /** a file of the PXE tree; `otherwise` where the tree lacks it */
  | { readonly kind: 'pxe-file'; readonly path: string; readonly otherwise: ImageDecision }
  /** a configuration made for this one machine */
  | { readonly kind: 'start'; readonly request: StartRequest }
  | ImageDecision;

type ImageDecision =
  | { readonly kind: 'image-file'; readonly root: string; readonly path: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'not-found'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Decides what `path` means for `asker`; undefined asker: an address that was never given to anyone. */
export function decideFile(path: string, asker: Asker | undefined): FileDecision {
  const complaint = complaintAboutPath(path);
  if (complaint !== undefined) return { kind: 'refused', reason: complaint };
  const relative = path.replace(/^\/+/, '');
  const start = readStartRequest(relative);
  if (start !== undefined) return { kind: 'start', request: start };
  const pxe = pxeFileOf(path);
  const decision = decideImageFile(path, relative, asker);
  return pxe === undefined ? decision : { kind: 'pxe-file', path: pxe, otherwise: decision };
}

function decideImageFile(path: string, relative: string, asker: Asker | undefined): ImageDecision {
  if (asker?.root !== undefined && asker.model !== undefined) {
    return {
      kind: 'image-file',
      root: asker.root,
      path: `boot/${asker.model}/${relative}`,
    };
  }
  const retry = retryFile(relative, asker?.model);
  if (retry !== undefined) return { kind: 'text', text: retry };
  if (namesHostFile(path)) return { kind: 'refused', reason: 'the path is absolute' };
  return {
    kind: 'not-found',
    reason: asker === undefined ? 'this address is of no known device' : 'this device has no image',
  };
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

/** A start file for a device that has no image: it says so on the console and hands back to the loader, which tries again. */
function retryFile(path: string, model: string | undefined): string | undefined {
  if (path !== 'start.ipxe') return undefined;
  const what = model === undefined ? 'this device' : `model ${model}`;
  return [
    '#!ipxe',
    `echo The WalT server has no image for ${what} yet; retrying`,
    'exit 1',
    '',
  ].join('\n');
}
