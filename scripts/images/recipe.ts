// What a default image is made of. Every recipe is one file of this shape, listed in recipes.ts.

/** The recipe of the default image of one node model. */
export type ImageRecipe = {
  /** Node model, and name of the folder below /boot in the image. */
  readonly model: string;
  /** Full name with tag, as users see it. */
  readonly reference: string;
  /** Debian's release and architecture. */
  readonly suite: string;
  readonly architecture: string;
  readonly packages: readonly string[];
  /** systemd units that do no good on a node whose files are new at every boot. */
  readonly masked: readonly string[];
  readonly kernel: KernelRecipe;
  /** The boot loader's script, from the top of the repository. */
  readonly startScript: string;
};

/** The kernel of an image, and what its initrd holds of it. */
export type KernelRecipe = {
  /** Debian's metapackage that depends on the kernel proper. */
  readonly metapackage: string;
  /** Modules by name, or all below a folder of the kernel's tree if the entry ends with a slash. */
  readonly initrdModules: readonly string[];
  /** Folders of the kernel's tree that no PC needs to boot. */
  readonly initrdLeavesOut: readonly string[];
};
