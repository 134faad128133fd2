// The files that a script has loaded, as iPXE keeps them: by name, in order, one of them chosen to be started.
import type { BootPlan } from './boot-plan.ts';

type Loaded = { readonly path: string; readonly args: string };

export class LoadedImages {
  readonly #images = new Map<string, Loaded>();
  #chosen: string | undefined;

  add(name: string, loaded: Loaded): void {
    this.#images.set(name, loaded);
  }

  choose(name: string): boolean {
    if (!this.#images.has(name)) return false;
    this.#chosen = name;
    return true;
  }

  has(name: string): boolean {
    return this.#images.has(name);
  }

  pathOf(name: string): string | undefined {
    return this.#images.get(name)?.path;
  }

  setArgs(name: string, args: string): boolean {
    const loaded = this.#images.get(name);
    if (loaded === undefined) return false;
    this.#images.set(name, { ...loaded, args });
    return true;
  }

  /** @param name undefined: all */
  free(name: string | undefined): boolean {
    if (name !== undefined) return this.#images.delete(name);
    this.#images.clear();
    return true;
  }

  /** The plan; undefined where no image is chosen. All that is loaded beside the kernel is its initrd. */
  plan(): BootPlan | undefined {
    const kernel = this.#images.get(this.#chosen ?? '');
    if (kernel === undefined) return undefined;
    const others = [...this.#images].filter(([name]) => name !== this.#chosen);
    return {
      kernel: kernel.path,
      commandLine: withoutInitrdNames(kernel.args, new Set(others.map(([name]) => name))),
      initrds: others.map(([, { path }]) => path),
    };
  }
}

/** `initrd=NAME` tells a kernel started by iPXE under UEFI which of iPXE's files to take: another loader has none of them. */
function withoutInitrdNames(args: string, names: ReadonlySet<string>): string {
  return args
    .split(' ')
    .filter((word) => !(word.startsWith('initrd=') && names.has(word.slice('initrd='.length))))
    .join(' ');
}
