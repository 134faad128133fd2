// What a default image is made of. All recipes are rows of recipes.ts; what they have in common is in debian.ts.

/** The recipe of the default image of one or several node models. */
export type ImageRecipe = {
  /** What it is asked for by, and the name of its archive. */
  readonly name: string;
  /** Full name with tag, as users see it. */
  readonly reference: string;
  /** The node models it is for; each has a folder of its name below /boot in the image. */
  readonly models: readonly ImageModel[];
  /** Debian's release and architecture. */
  readonly suite: string;
  readonly architecture: string;
  readonly packages: readonly string[];
  /** systemd units that do no good on a node whose files are new at every boot. */
  readonly masked: readonly string[];
  readonly kernel: KernelRecipe;
  readonly start: StartFile;
};

/** What is particular to one model of an image. */
export type ImageModel = {
  readonly model: string;
  /** The serial port where its kernel shows what it does. */
  readonly console: string;
  /** Paths of its device trees below the kernel package's folder of them; the first is taken for an unknown revision. */
  readonly deviceTrees: readonly string[];
};

/** The kernel of an image, and what its initrd holds of it. */
export type KernelRecipe = {
  /** Debian's metapackage that depends on the kernel proper. */
  readonly metapackage: string;
  /** Modules by name, or all below a folder of the kernel's tree if the entry ends with a slash. */
  readonly initrdModules: readonly string[];
  /** Folders of the kernel's tree that no node needs to boot. */
  readonly initrdLeavesOut: readonly string[];
  /** Of `initrdModules`, those of which a machine with a PCI bus needs its own card's alone: the image has them in pieces, too. */
  readonly cardModules?: readonly string[];
};

/** The script that the boot loader fetches: a template, from the top of the repository. */
export type StartFile =
  | { readonly file: 'start.ipxe'; readonly template: string }
  | {
      readonly file: 'start.uboot';
      readonly template: string;
      /** What the board's own U-Boot needs done first: text of a script, from the top of the repository. */
      readonly before?: string;
      /** For a U-Boot that takes an initrd only with a header before it (built without CONFIG_SUPPORT_RAW_INITRD). */
      readonly wrapsInitrd?: boolean;
      /** For a U-Boot whose `booti` unpacks kernels (from 2019.10): Debian's for arm64 come unpacked, and travel with each boot. */
      readonly packsKernel?: boolean;
      /** U-Boot's command for kernels of the image's architecture. */
      readonly command: 'booti' | 'bootz';
    };
