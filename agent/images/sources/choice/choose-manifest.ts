// Which image of several under one name. The processor of the server plays no role: it only serves.
import { modelOf } from '../../../boot/models.ts';
import type { IndexEntry } from './documents.ts';
import { isLinux, isSame, normalised, platformText } from './platform.ts';

/** For whom an image is wanted. */
export type Wanted = {
  /** undefined where nobody knows: the labels of the images tell then */
  readonly model?: string;
};

/** What was chosen, or why nothing was. */
export type Choice =
  | { readonly kind: 'chosen'; readonly entry: IndexEntry }
  /** the first of these whose label names a model that can run it */
  | { readonly kind: 'by-label'; readonly candidates: readonly IndexEntry[] }
  | { readonly kind: 'none'; readonly reason: string };

/** Of BuildKit (docs.docker.com, "Image attestation storage"): such a manifest holds no image. */
const ATTESTATION = 'attestation-manifest';
const REFERENCE_TYPE = 'vnd.docker.reference.type';

/**
 * @param index all images that there are, those of lists within the list too, in their order
 * @param wanted its model's best platform wins, whatever the order; never a variant above what the model runs
 */
export function chooseManifest(index: readonly IndexEntry[], wanted: Wanted): Choice {
  const candidates = index.filter(isUsable);
  const { platforms } = modelOf(wanted.model ?? '');
  const [first] = candidates;
  if (first === undefined) {
    return { kind: 'none', reason: `it has no image for Linux${listed(index)}` };
  }
  if (candidates.length === 1 && !isVariantAbove(first, wanted)) {
    return { kind: 'chosen', entry: first };
  }
  if (wanted.model === undefined || platforms.length === 0) return { kind: 'by-label', candidates };
  for (const platform of platforms) {
    const entry = candidates.find((each) => isSame(each.platform ?? {}, platform));
    if (entry !== undefined) return { kind: 'chosen', entry };
  }
  const runs = platforms.map((platform) => platformText(platform)).join(', ');
  const reason = `it is not there for ${wanted.model}, which runs ${runs}${listed(candidates)}`;
  return { kind: 'none', reason };
}

/** Whether it is an image that a node may boot: for Linux, and no attestation. */
export function isUsable({ annotations, platform = {} }: IndexEntry): boolean {
  return annotations?.[REFERENCE_TYPE] !== ATTESTATION && isLinux(platform);
}

/** `: there are linux/amd64, windows/amd64`, or nothing. */
export function listed(entries: readonly IndexEntry[]): string {
  const images = entries.filter(
    ({ annotations, platform = {} }) =>
      annotations?.[REFERENCE_TYPE] !== ATTESTATION && platform.os !== 'unknown',
  );
  const names = [...new Set(images.map(({ platform = {} }) => platformText(platform)))];
  if (names.length === 0) return '';
  return names.length === 1 ? `: there is ${names[0]}` : `: there are ${names.join(', ')}`;
}

/** An only image is often labelled wrongly; but a variant that somebody wrote down was meant. */
function isVariantAbove({ platform = {} }: IndexEntry, { model }: Wanted): boolean {
  if (model === undefined || (platform.variant ?? '') === '') return false;
  const own = normalised(platform).architecture;
  const alike = modelOf(model).platforms.filter(({ architecture }) => architecture === own);
  return alike.length > 0 && !alike.some((each) => isSame(each, platform));
}
