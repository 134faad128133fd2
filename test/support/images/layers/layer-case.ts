// The form of the corpus: layers, and what has to become of them.
import type { SentLayer } from './by-ours.ts';
import { archive } from './raw-tar.ts';

/** What our program and umoci do with the layers of a case. */
export type Outcome =
  /** both make the same tree */
  | { readonly is: 'same' }
  /** ours makes the same tree as GNU tar; umoci refuses, or does it otherwise */
  | { readonly is: 'as tar'; readonly why: string }
  /** ours refuses, with these words; `umoci` says what that does */
  | { readonly is: 'refused'; readonly says: RegExp; readonly umoci: 'refuses' | 'unpacks' }
  /** ours makes another tree, or one where umoci refuses; the names in it, in the order of their bytes, without the root */
  | { readonly is: 'ours'; readonly why: string; readonly names: readonly string[] };

/** One image of the corpus. */
export type LayerCase = {
  readonly title: string;
  /** lowest first */
  readonly layers: readonly SentLayer[];
  readonly outcome: Outcome;
};

/** Parts of an archive, which gets an end mark; or a whole one. */
export type Layer = readonly Uint8Array[] | SentLayer;

/** Both make the same tree of it. */
export function same(title: string, ...layers: readonly Layer[]): LayerCase {
  return { title, layers: layers.map(sentLayer), outcome: { is: 'same' } };
}

/** Ours makes of the one layer what GNU tar does. @param why umoci does not */
export function asTar(title: string, why: string, layer: Layer): LayerCase {
  return { title, layers: [sentLayer(layer)], outcome: { is: 'as tar', why } };
}

/** Ours refuses it, and so does umoci. */
export function refused(title: string, says: RegExp, ...layers: readonly Layer[]): LayerCase {
  const outcome = { is: 'refused', says, umoci: 'refuses' } as const;
  return { title, layers: layers.map(sentLayer), outcome };
}

/** Ours refuses it, and umoci does not: the title says why it should not be there. */
export function refusedByUs(title: string, says: RegExp, ...layers: readonly Layer[]): LayerCase {
  const outcome = { is: 'refused', says, umoci: 'unpacks' } as const;
  return { title, layers: layers.map(sentLayer), outcome };
}

/** Ours makes a tree with these names, and umoci another one or none. */
export function differs(
  title: string,
  { why, names }: { readonly why: string; readonly names: readonly string[] },
  ...layers: readonly Layer[]
): LayerCase {
  return { title, layers: layers.map(sentLayer), outcome: { is: 'ours', why, names } };
}

/** A layer that is sent as it is. */
export function whole(bytes: Buffer): SentLayer {
  return { archive: bytes };
}

function sentLayer(layer: Layer): SentLayer {
  return 'archive' in layer ? layer : { archive: archive(...layer) };
}
