// The commands of iPXE that start scripts of images use (https://ipxe.org/cmd), one row a command.
import type { Complaint } from './boot-plan.ts';
import { isScript } from './lines.ts';
import { isLongModeCapable } from './machine.ts';
import type { Run } from './run.ts';

/** How a command ended. Text: why it failed. Flow: what comes next is not the next command. */
export type Ending =
  | { readonly kind: 'done' }
  /** `at`: where a script that it called failed */
  | { readonly kind: 'failed'; readonly why: string; readonly at?: Complaint }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'boot' }
  | { readonly kind: 'reboot' }
  /** the script has no end */
  | { readonly kind: 'endless' };

type Command = {
  /** its failure is an answer, not a trouble */
  readonly isQuestion?: boolean;
  /** options that take a value, without dashes */
  readonly valued?: readonly string[];
  readonly run: (run: Run, given: Given) => Ending | Promise<Ending>;
};

export type Given = {
  readonly words: readonly string[];
  /** `--name kernel` is `name` → `kernel`, `--autofree` is `autofree` → '' */
  readonly options: ReadonlyMap<string, string>;
};

const DONE: Ending = { kind: 'done' };
const failed = (why: string): Ending => ({ kind: 'failed', why });
const endingOf = (isSo: boolean, why: string): Ending => (isSo ? DONE : failed(why));

/** Of what is on a screen, in a menu or at a keyboard nothing is there, or it is as if nobody sat before it. */
const nothing: Command = { valued: ['timeout', 'key', 'picture', 'x', 'y'], run: () => DONE };
const nobody: Command = {
  isQuestion: true,
  valued: ['timeout', 'key'],
  run: () => failed('nobody pressed a key'),
};

const FETCH_OPTIONS = ['name', 'n', 'timeout', 't'];

export const commands: Readonly<Record<string, Command>> = {
  echo: nothing,
  sleep: nothing,
  console: nothing,
  cpair: nothing,
  colour: nothing,
  color: nothing,
  imgstat: nothing,
  ifstat: nothing,
  route: nothing,
  sync: nothing,
  prompt: nobody,
  // The machine has its link and its address: it asked for this script over them.
  dhcp: { ...nothing, valued: ['configurator', 'c', 'timeout', 't'] },
  ifconf: { ...nothing, valued: ['configurator', 'c', 'timeout', 't'] },
  ifopen: nothing,
  ifclose: nothing,
  iflinkwait: nothing,

  set: {
    run: ({ settings }, { words: [name = '', ...value] }) =>
      endingOf(settings.set(name, value.join(' ')), `'${value.join(' ')}' is no value of ${name}`),
  },
  clear: {
    run: ({ settings }, { words: [name = ''] }) => {
      settings.clear(name);
      return DONE;
    },
  },
  inc: {
    run: ({ settings }, { words: [name = '', by = '1'] }) => {
      settings.increase(name, Number.parseInt(by, 10) || 0);
      return DONE;
    },
  },
  isset: {
    isQuestion: true,
    run: (_, { words: [text] }) => endingOf(text !== undefined && text !== '', 'is empty'),
  },
  iseq: {
    isQuestion: true,
    run: (_, { words: [left, right] }) => endingOf(left === right, 'differs'),
  },
  cpuid: {
    isQuestion: true,
    run: ({ machine }, { words: [bit], options }) =>
      endingOf(
        options.has('ext') && bit === '29' && isLongModeCapable(machine.model),
        'is not set',
      ),
  },

  goto: { run: (_, { words: [label = ''] }) => ({ kind: 'goto', label }) },
  exit: {
    run: (_, { words: [status = '0'] }) => ({ kind: 'exit', status: Number(status) || 0 }),
  },
  reboot: { run: () => ({ kind: 'reboot' }) },

  kernel: { valued: FETCH_OPTIONS, run: load },
  imgselect: { valued: FETCH_OPTIONS, run: load },
  imgload: { valued: FETCH_OPTIONS, run: load },
  initrd: { valued: FETCH_OPTIONS, run: fetchBeside },
  module: { valued: FETCH_OPTIONS, run: fetchBeside },
  imgfetch: { valued: FETCH_OPTIONS, run: fetchBeside },
  imgargs: {
    run: ({ images }, { words: [name = '', ...args] }) =>
      endingOf(images.setArgs(name, args.join(' ')), `there is no image '${name}'`),
  },
  imgfree: {
    isQuestion: true,
    run: ({ images }, { words: [name] }) =>
      endingOf(images.free(name), `there is no image '${name}'`),
  },
  boot: { valued: FETCH_OPTIONS, run: start },
  imgexec: { valued: FETCH_OPTIONS, run: start },
  chain: { valued: FETCH_OPTIONS, run: start },
};

/** Fetches what the first word names, unless it is loaded already, and chooses it to be started. */
async function load(run: Run, given: Given): Promise<Ending> {
  const ending = await fetch(run, given);
  if (ending.kind === 'done') run.images.choose(imageName(given));
  return ending;
}

async function fetchBeside(run: Run, given: Given): Promise<Ending> {
  const [, ...args] = given.words;
  const target = args.find((word) => word.startsWith('/'));
  if (target === undefined) return await fetch(run, given);
  return failed(`only iPXE can put a file at ${target} of the initrd`);
}

async function fetch(run: Run, { words, options }: Given): Promise<Ending> {
  const [uri = '', ...args] = words;
  const name = imageName({ words, options });
  if (run.images.has(uri) && !options.has('name') && !options.has('n')) {
    if (args.length > 0) run.images.setArgs(uri, args.join(' '));
    return DONE;
  }
  const path = run.locate(uri);
  if (path === undefined) return failed(`${uri || 'nothing'} is no file of this image`);
  if ((await run.files(path)) === undefined) return failed(`the image has no file ${path}`);
  run.images.add(name, { path, args: args.join(' ') });
  return DONE;
}

/** Starts an image or a script; without a word, the image that was chosen. */
async function start(run: Run, given: Given): Promise<Ending> {
  const [uri] = given.words;
  if (uri === undefined) {
    return run.images.plan() === undefined ? failed('no kernel is loaded') : { kind: 'boot' };
  }
  const path = run.images.has(uri) ? run.images.pathOf(uri) : run.locate(uri);
  const file = path === undefined ? undefined : await run.files(path);
  if (path !== undefined && file !== undefined && isScript(file.start)) {
    run.images.free(uri);
    const ending = await run.script(path, file.start);
    const isLast = given.options.has('replace') || given.options.has('r');
    return isLast && ending.kind === 'done' ? { kind: 'exit', status: 0 } : ending;
  }
  const ending = await load(run, given);
  return ending.kind === 'done' ? { kind: 'boot' } : ending;
}

function imageName({ words: [uri = ''], options }: Given): string {
  const plain = uri.split('?')[0] ?? '';
  return options.get('name') ?? options.get('n') ?? plain.slice(plain.lastIndexOf('/') + 1);
}
