// The commands of iPXE that start scripts of images use (https://ipxe.org/cmd), and how each is written. Whoever follows a
// script and whoever judges one when an image is imported read commands by this table.
import { type Given, readArguments, type Syntax, type WrongArguments } from './arguments.ts';

const FETCH = { name: 'n:', timeout: 't:', autofree: 'a' };
const ONE_IMAGE = { options: FETCH, least: 1 };
const START = { options: { ...FETCH, replace: 'r' } };
const CARDS = { options: { configurator: 'c:', timeout: 't:' } };
const TIMEOUT = { options: { timeout: 't:' } };

/** Option names and letters: iPXE's src/hci/commands/, one file a family. */
export const syntaxTable = {
  dhcp: CARDS,
  ifconf: CARDS,
  ifopen: {},
  ifclose: {},
  iflinkwait: TIMEOUT,

  menu: { options: { name: 'n:', delete: 'd' } },
  item: { options: { menu: 'm:', key: 'k:', default: 'd', gap: 'g' } },
  choose: {
    options: { menu: 'm:', default: 'd:', timeout: 't:', keep: 'k', retimeout: 'r:' },
    ...{ least: 1, most: 1 },
  },
  prompt: { options: { key: 'k:', timeout: 't:', set: 's:' } },
  read: { ...TIMEOUT, least: 1, most: 1 },
  login: {},
  config: {},
  shell: {},

  set: { least: 1 },
  clear: { least: 1, most: 1 },
  inc: { least: 1, most: 2 },
  isset: { least: 1, most: 1 },
  iseq: { least: 2, most: 2 },
  cpuid: { options: { ext: 'e', amd: 'a', ecx: 'c' }, least: 1, most: 1 },

  goto: { least: 1, most: 1 },
  exit: { most: 1 },
  reboot: { options: { warm: 'w', setup: 's' }, most: 0 },

  kernel: ONE_IMAGE,
  imgselect: ONE_IMAGE,
  imgload: ONE_IMAGE,
  initrd: ONE_IMAGE,
  module: ONE_IMAGE,
  imgfetch: ONE_IMAGE,
  imgargs: ONE_IMAGE,
  imgfree: {},
  boot: START,
  imgexec: START,
  chain: START,
} as const satisfies Readonly<Record<string, Syntax>>;

/** A command of the table. */
export type CommandName = keyof typeof syntaxTable;

/** Commands that show something, wait a little or look: for what is started it is as if they were not there. */
const WITHOUT_EFFECT = new Set([
  ...['echo', 'sleep', 'console', 'cpair', 'colour', 'color', 'show'],
  ...['imgstat', 'ifstat', 'route', 'sync', 'shim'],
]);

/** One command, read. `wrong`: iPXE would refuse what it is given. */
export type ReadCommand =
  | { readonly kind: 'command'; readonly name: CommandName; readonly given: Given }
  | { readonly kind: 'without-effect' }
  | { readonly kind: 'unknown'; readonly name: string }
  | ({ readonly kind: 'wrong'; readonly name: CommandName } & WrongArguments);

/** @param words of one command, its name first; none at all is a command without effect */
export function readCommand([name, ...rest]: readonly string[]): ReadCommand {
  if (name === undefined || WITHOUT_EFFECT.has(name)) return { kind: 'without-effect' };
  if (!isCommand(name)) return { kind: 'unknown', name };
  const read = readArguments(rest, syntaxTable[name]);
  return 'wrong' in read
    ? { kind: 'wrong', name, wrong: read.wrong }
    : { kind: 'command', name, given: read };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(syntaxTable, name);
}
