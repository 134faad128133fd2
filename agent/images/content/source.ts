// An image somewhere else: what it is, and where its parts are.
import type { Descriptor } from './descriptor.ts';

/** Where the bytes of one part are. */
export type PartPlace =
  /** a range of a file of this machine; bytes */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly offset: number;
      readonly length: number;
    }
  /** what a GET with these headers answers */
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly ca?: string;
    };

/** An image somewhere else, chosen and described, whose layers are still there. */
export type ImageSource = {
  /** for messages */
  readonly shown: string;
  /** the manifest, byte for byte (OCI image manifest or Docker schema 2) */
  readonly manifest: Uint8Array;
  /** the configuration, byte for byte */
  readonly config: Uint8Array;
  /**
   * Where a layer is, asked right before it is read: tokens of registries live for minutes. Redirects are followed by
   * whoever reads, without the Authorization header on another host.
   */
  readonly placeOf: (layer: Descriptor) => Promise<PartPlace>;
};
