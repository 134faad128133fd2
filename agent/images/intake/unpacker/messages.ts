// What the server and the program that unpacks images say to each other.
import type { LayerLimits } from '../../content/layers/layer-rules.ts';
import type { LayerWanted } from '../../content/layers/read-layer.ts';
import type { ArchiveWanted } from '../../content/layers/write-archives.ts';
import type { RootMade, RootWanted } from '../../content/roots/make-root.ts';
import type { PartPlace } from '../../content/source.ts';

/** Work for the program. */
export type Job =
  | {
      readonly kind: 'read-layer';
      readonly wanted: LayerWanted;
      readonly place: PartPlace;
      /** milliseconds without a byte after which it is given up */
      readonly stallMs: number;
      readonly limits: LayerLimits;
    }
  /** layers that are here already count too */
  | { readonly kind: 'count'; readonly folder: string; readonly limits: LayerLimits }
  | { readonly kind: 'make-root'; readonly wanted: RootWanted }
  | { readonly kind: 'write-archives'; readonly archives: readonly ArchiveWanted[] };

/** What comes of each kind of job. */
export type Result = {
  'read-layer': undefined;
  /** whether the layer can be read */
  count: boolean;
  'make-root': RootMade;
  /** their lengths in bytes */
  'write-archives': readonly number[];
};

/** To the program; the id comes back with the answer. */
export type Request = { readonly id: number; readonly job: Job };

/** From the program. */
export type Answer =
  | { readonly kind: 'done'; readonly id: number; readonly result: Result[Job['kind']] }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly message: string;
      /** whether the image itself is to blame */
      readonly isRefused: boolean;
      /** whether another try may do better */
      readonly isPassing: boolean;
    }
  /** so many bytes of layers have arrived, all together */
  | { readonly kind: 'arrived'; readonly bytes: number };
