// The files that a script has loaded, as iPXE keeps them: by name, in order, one of them chosen to be started.
import type { BootPlan } from './boot-plan.ts';

type Loaded = { readonly path: string; readonly args: string };

/** What a script has loaded up to now. */
export class LoadedImages {
  readonly #images = new Map<string, Loaded>();
  #chosen: string | undefined;

  /** One of the same name is gone then, and the new one the last. */
  add(name: string, loaded: Loaded): void {
    this.#images.delete(name);
    this.#images.set(name, loaded);
  }

  /** Keeps its place among the others. */
  rename(from: string, to: string): void {
    if (from === to) return;
    const entries = [...this.#images].filter(([name]) => name !== to);
    this.#images.clear();
    for (const [name, loaded] of entries) this.#images.set(name === from ? to : name, loaded);
    if (this.#chosen === from) this.#chosen = to;
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

  setArgs(name: string, args: string): void {
    const loaded = this.#images.get(name);
    if (loaded !== undefined) this.#images.set(name, { ...loaded, args });
  }

  /** @returns whether there was one of that name */
  free(name: string): boolean {
    return this.#images.delete(name);
  }

  clear(): void {
    this.#images.clear();
  }

  /** The plan; undefined where no image is chosen. All that is loaded beside the kernel is its initrd. */
  plan(): BootPlan | undefined {
    const kernel = this.#images.get(this.#chosen ?? '');
    if (kernel === undefined) return undefined;
    const others = [...this.#images].filter(([name]) => name !== this.#chosen);
    return {
      kernel: kernel.path,
      commandLine: withoutInitrdNames(kernel.args),
      initrds: others.map(([, { path }]) => path),
    };
  }
}

/**
 * `initrd=NAME` tells a kernel that UEFI starts which files of its boot loader to take (Linux, kernel-parameters). The names
 * are iPXE's, `initrd.magic` for all of them at once; another loader has none, and hands the initrd over in its own way.
 */
function withoutInitrdNames(args: string): string {
  return args
    .split(' ')
    .filter((word) => !word.startsWith('initrd='))
    .join(' ');
}
