// The documents that describe an image: index, manifest and configuration. Each is checked against the digest and the size
// that named it before it is believed.
import { createHash } from 'node:crypto';
import { WaltError } from '../../../errors.ts';
import type { Descriptor, Manifest } from '../../content/descriptor.ts';
import type { ListedPlatform } from './platform.ts';

/** Bytes that a registry takes for a manifest at least (OCI Distribution Specification 1.1, "Pushing Manifests"). */
export const MOST_DOCUMENT = 4 * 2 ** 20;

/** One of the images of an index (image-spec, "Image Index"). */
export type IndexEntry = Descriptor & { readonly platform?: ListedPlatform };

/** What a document turned out to be. */
export type Document =
  | { readonly kind: 'index'; readonly entries: readonly IndexEntry[] }
  | { readonly kind: 'manifest'; readonly manifest: Manifest };

/** As far as it is needed here (image-spec, "Image Configuration"). */
export type ImageConfig = ListedPlatform & {
  readonly config?: { readonly Labels?: Readonly<Record<string, string>> | null } | null;
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
};

const DIGEST = /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;

/** @throws {WaltError} where the bytes are not those that the descriptor names */
export function requireDescribed(
  bytes: Uint8Array,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
): void {
  const [algorithm = ''] = digest.split(':');
  const found = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (bytes.length === size && found === digest) return;
  throw new WaltError(`what it has as ${shortDigest(digest)} is something else`);
}

/** A digest in messages. */
function shortDigest(digest: string): string {
  return `${digest.slice(0, 19)}…`;
}

/** @throws {WaltError} if it is no index and no manifest */
export function readDocument(bytes: Uint8Array): Document {
  const value = readObject(bytes, 'manifest');
  if (value.schemaVersion === 1) {
    throw new WaltError('its manifest is of a kind too old (schema 1): push it again');
  }
  if (Array.isArray(value.manifests)) {
    return { kind: 'index', entries: value.manifests.map((each) => descriptor(each)) };
  }
  if (!Array.isArray(value.layers)) throw new WaltError('its manifest is not that of an image');
  const layers = value.layers.map((each) => descriptor(each));
  return { kind: 'manifest', manifest: { config: descriptor(value.config), layers } };
}

/** @throws {WaltError} if it is no configuration of an image */
export function readConfig(bytes: Uint8Array): ImageConfig {
  const value = readObject(bytes, 'configuration');
  const { config, rootfs } = value as { config?: unknown; rootfs?: { diff_ids?: unknown } };
  const labels = (config as { Labels?: unknown } | null | undefined)?.Labels ?? {};
  const ids = rootfs?.diff_ids ?? [];
  const areDigests = Array.isArray(ids) && ids.every(isDigest);
  const platform = platformOf(value);
  if (areTexts(labels) && areDigests && platform !== undefined) {
    return { ...platform, config: { Labels: labels }, rootfs: { diff_ids: ids } };
  }
  throw new WaltError('its configuration is not that of an image');
}

function readObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  if (bytes.length > MOST_DOCUMENT) throw new WaltError(`its ${what} is larger than 4 MiB`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new WaltError(`its ${what} is damaged`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new WaltError(`its ${what} is damaged`);
}

/** Programs of Docker write null for what they leave out. */
function descriptor(value: unknown): IndexEntry {
  const { digest, size, ...said } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (!isDigest(digest) || !Number.isSafeInteger(size) || (size as number) < 0) {
    throw new WaltError('its manifest names a part without digest or size');
  }
  const mediaType = said.mediaType ?? undefined;
  const annotations = said.annotations ?? undefined;
  const platform = platformOf(said.platform ?? {});
  const isSound =
    (mediaType === undefined || typeof mediaType === 'string') &&
    (annotations === undefined || areTexts(annotations)) &&
    platform !== undefined;
  if (!isSound) throw new WaltError(`its manifest says of ${shortDigest(digest)} what cannot be`);
  return {
    ...{ digest, size: size as number },
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(annotations === undefined ? {} : { annotations }),
    ...((said.platform ?? undefined) === undefined ? {} : { platform }),
  };
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}

function areTexts(value: unknown): value is Readonly<Record<string, string>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord && Object.values(value).every((each) => typeof each === 'string');
}

/** Undefined for what names no platform. */
function platformOf(value: unknown): ListedPlatform | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { os, architecture, variant } = value as Readonly<Record<string, unknown>>;
  const said = Object.entries({ os, architecture, variant }).filter(([, each]) => each != null);
  const platform = Object.fromEntries(said);
  return areTexts(platform) ? platform : undefined;
}
