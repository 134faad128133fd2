// The steps that media are made of, as data: a plan lists them, `--dry-run` prints them, `runStep()` runs them.
import type { Input } from '../sources.ts';

/** Paths are relative to the build's own folder, except `artifact` and `uBootScript`, relative to boot-artifacts/. */
export type Step =
  | { readonly kind: 'unpack'; readonly input: Input; readonly to: string }
  | TreeStep
  | Fat16Step
  | { readonly kind: 'syslinux'; readonly partition: string }
  | DiskStep
  | TarStep
  | { readonly kind: 'gzip'; readonly from: string; readonly to: string };

/** Lays out the files of a medium. `@VERSION@` in a versioned file becomes a name derived from all files' content. */
export type TreeStep = {
  readonly kind: 'tree';
  readonly files: readonly TreeFile[];
  readonly to: string;
};

export type TreeFile = {
  readonly path: string;
  readonly from:
    | { readonly unpacked: string }
    | { readonly artifact: string }
    | { readonly uBootScript: string }
    | { readonly text: string };
  readonly isVersioned?: boolean;
};

/** Makes a FAT16 file system holding the files of a tree, in their order. */
export type Fat16Step = {
  readonly kind: 'fat16';
  readonly tree: string;
  readonly files: readonly string[];
  readonly to: string;
  readonly mebibytes: number;
  readonly firstSector: number;
  readonly label: string;
  readonly id: number;
};

/** Packs files of a tree, in their order, as the same bytes whoever builds and whenever. */
export type TarStep = {
  readonly kind: 'tar';
  readonly tree: string;
  readonly files: readonly string[];
  readonly to: string;
};

/** Puts one active partition behind a master boot record. `type` is the partition type, `id` the disk signature. */
export type DiskStep = {
  readonly kind: 'disk';
  readonly bootCode: string;
  readonly partition: string;
  readonly firstSector: number;
  readonly type: number;
  readonly id: number;
  readonly to: string;
};
