// What an image says of itself: its manifest and its configuration (OCI image specification 1.1, and Docker's schema 2, which
// has the same fields).
import { ImageError } from '../../errors.ts';
import type { Descriptor, Manifest } from './descriptor.ts';
import { digestOf } from './digest.ts';

/** One image, by its two documents. */
export type DescribedImage = {
  /** of the manifest, `sha256:…` */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  /** as Go names it: amd64, arm, arm64, 386; empty where it says nothing */
  readonly architecture: string;
  readonly config: Descriptor;
  /** lowest first */
  readonly layers: readonly DescribedLayer[];
};

/** A layer, as it is sent and as it is. */
export type DescribedLayer = {
  readonly descriptor: Descriptor;
  /** digest of the uncompressed archive */
  readonly diffId: string;
};

type Config = {
  readonly architecture?: string | null;
  readonly config?: { readonly Labels?: Readonly<Record<string, string>> | null } | null;
  readonly rootfs?: { readonly diff_ids?: readonly string[] | null };
};

/** @throws {ImageError} if the two do not make an image together */
export function describeImage(manifestBytes: Uint8Array, configBytes: Uint8Array): DescribedImage {
  const manifest = parse<Manifest>(manifestBytes, 'manifest');
  const { architecture, config: settings, rootfs } = parse<Config>(configBytes, 'configuration');
  const diffIds = rootfs?.diff_ids ?? [];
  const { layers = [] } = manifest;
  if (diffIds.length !== layers.length) {
    throw new ImageError(
      `its configuration tells of ${diffIds.length} layers (diff_ids), and its manifest of ${layers.length}: ` +
        'build or push the image again',
    );
  }
  return {
    digest: digestOf(manifestBytes),
    config: manifest.config,
    labels: settings?.Labels ?? {},
    architecture: architecture ?? '',
    layers: layers.map((descriptor, index) => ({ descriptor, diffId: diffIds[index] ?? '' })),
  };
}

function parse<Content>(bytes: Uint8Array, what: string): Content {
  const content = jsonOf(bytes);
  if (typeof content === 'object' && content !== null) return content as Content;
  throw new ImageError(`its ${what} is no JSON object`);
}

/** Undefined for what is no JSON. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
