// The steps that media are made of, as data: a plan lists them, `--dry-run` prints them, `runStep()` runs them.
import type { UBootName } from '../boards.ts';
import type { KernelRecipe } from '../images/recipe.ts';
import type { Input } from '../inputs/input.ts';

/** Paths are relative to the build's own folder, except `artifact` and `uBootScript`, relative to boot-artifacts/. */
export type Step =
  | { readonly kind: 'unpack'; readonly input: Input; readonly to: string }
  | TreeStep
  | FatStep
  | { readonly kind: 'syslinux'; readonly partition: string }
  | DiskStep
  | TarStep
  | UBootStep
  | EepromStep
  | InitramfsStep
  | { readonly kind: 'overlay'; readonly artifact: string; readonly to: string }
  | { readonly kind: 'gzip'; readonly from: string; readonly to: string };

/** Lays out the files of a medium. `@VERSION@` in a versioned file becomes a name derived from all files' content. */
export type TreeStep = {
  readonly kind: 'tree';
  readonly files: readonly TreeFile[];
  readonly to: string;
};

/** A file of a medium: its path there, and where its content comes from. */
export type TreeFile = {
  readonly path: string;
  readonly from:
    | { readonly unpacked: string }
    | { readonly artifact: string }
    | { readonly uBootScript: string }
    | { readonly input: Input }
    | { readonly text: string };
  readonly isVersioned?: boolean;
};

/** Packs files and kernel modules, with what these need, for a kernel to start from. */
export type InitramfsStep = {
  readonly kind: 'initramfs';
  /** Files, and folders with all that is in them. */
  readonly files: readonly {
    readonly path: string;
    readonly from: { readonly unpacked: string } | { readonly artifact: string };
  }[];
  /** Those of the files that are run. */
  readonly programs: readonly string[];
  /** The folder that the kernel's package was unpacked into. */
  readonly kernel: string;
  /** The program that is `depmod` when called by that name. */
  readonly kmod: string;
  readonly modules: Pick<KernelRecipe, 'initrdModules' | 'initrdLeavesOut'>;
  readonly to: string;
};

/** Makes a file system holding the files of a tree, in their order. */
export type FatStep = {
  readonly kind: 'fat16' | 'fat32';
  readonly tree: string;
  readonly files: readonly string[];
  readonly to: string;
  readonly mebibytes: number;
  readonly firstSector: number;
  readonly label: string;
  readonly id: number;
};

/** Puts U-Boots there, each in a folder of its name with its device trees. */
export type UBootStep = {
  readonly kind: 'u-boot';
  readonly names: readonly UBootName[];
  readonly isDebug: boolean;
  readonly to: string;
};

/** Makes an EEPROM image with settings of ours, and its signature file. */
export type EepromStep = {
  readonly kind: 'eeprom';
  readonly input: Input;
  readonly settings: string;
  readonly to: string;
  readonly signature: string;
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
  /** None for firmware that reads the partition by itself. */
  readonly bootCode?: string;
  readonly partition: string;
  readonly firstSector: number;
  readonly type: number;
  readonly id: number;
  readonly to: string;
};
