// Which drivers a PC needs of all that its initrd has: those of the one network card that it boots by. The boot loader names the card as
// iPXE has it, `${netX/busid:hexhyp}`: the kind of bus (01 is PCI), vendor and device, in hexadecimal.
import type { KernelRecipe } from '../recipe.ts';
import { chooseModules } from './kernel-modules.ts';

/** What is added to an initrd without drivers of cards. */
export type CardPiece = {
  /** of its file: the drivers */
  readonly name: string;
  /** of modules, as modules.dep has them; none where the card has its driver already */
  readonly paths: readonly string[];
  /** cards that it is for, as `01-80-86-10-0e`, sorted */
  readonly ids: readonly string[];
};

/** Text of modules.alias, and modules with what they need. */
export type Modules = {
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly aliases: string;
};

/** A driver for one device of one vendor, whatever made of it: `alias pci:v00008086d0000100Esv*sd*bc*sc*i* e1000`. */
const PCI_ALIAS = /^alias pci:v0000([0-9A-F]{4})d0000([0-9A-F]{4})sv\S* (\S+)$/;
/** Virtio's driver is for all devices of its vendor: these are its cards (virtio 1.2, 4.1.2). */
const VIRTIO_CARDS = ['01-1a-f4-10-00', '01-1a-f4-10-41'];
const VIRTIO = 'virtio_net';

/** @returns what an initrd without drivers of cards leaves out, and the pieces, of which no two are the same */
export function cardPieces(
  recipe: KernelRecipe,
  { dependencies, aliases }: Modules,
): { readonly left: readonly string[]; readonly pieces: readonly CardPiece[] } {
  const { cardModules = [] } = recipe;
  const others = recipe.initrdModules.filter((wanted) => !cardModules.includes(wanted));
  const base = new Set(chooseModules(dependencies, { ...recipe, initrdModules: others }));
  const all = chooseModules(dependencies, recipe);
  const left = all.filter((path) => !base.has(path));
  const pieces = new Map<string, { paths: readonly string[]; ids: string[] }>();
  const cards = driversOfCards(aliases, all);
  const ofCards = new Set([...cards.values()].flat());
  // What has no card of its own and builds on a driver is loaded by that: mlx4_en by mlx4_core.
  const followers = left.filter((path) => !ofCards.has(path));
  const withFollowers = (driver: string) => [
    driver,
    ...followers.filter((path) => dependencies.get(path)?.includes(driver)),
  ];
  for (const [id, drivers] of cards) {
    const loaded = drivers.flatMap(withFollowers);
    const needed = loaded.flatMap((path) => [path, ...(dependencies.get(path) ?? [])]);
    const paths = [...new Set(needed.filter((path) => !base.has(path)))].sort();
    const name = paths.length === 0 ? 'none' : drivers.map(moduleName).sort().join('+');
    const piece = pieces.get(name) ?? { paths, ids: [] };
    piece.ids.push(id);
    pieces.set(name, piece);
  }
  return {
    left,
    pieces: [...pieces]
      .map(([name, { paths, ids }]) => ({ name, paths, ids: ids.sort() }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

/** Paths of drivers, of those that the initrd has, by the cards that they are for. */
function driversOfCards(aliases: string, all: readonly string[]): Map<string, string[]> {
  const pathOf = new Map(all.map((path) => [moduleName(path), path]));
  const found = new Map<string, Set<string>>();
  const add = (id: string, module: string) => {
    const path = pathOf.get(module);
    if (path?.includes('/drivers/net/') !== true) return;
    found.set(id, (found.get(id) ?? new Set()).add(path));
  };
  for (const line of aliases.split('\n')) {
    const [, vendor = '', device = '', module = ''] = PCI_ALIAS.exec(line) ?? [];
    const id = `01${vendor}${device}`.toLowerCase().match(/../g)?.join('-') ?? '';
    if (module !== '') add(id, module);
  }
  for (const id of VIRTIO_CARDS) add(id, VIRTIO);
  return new Map([...found].map(([id, paths]) => [id, [...paths].sort()]));
}

/** As the kernel has it: with `_`. */
function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');
}
