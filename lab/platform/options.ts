// The options of `npm start` and `npm stop`: one table, from which both the parser and the help text are made.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PlatformError } from './platform-error.ts';

/** The state folder where none is named, in the project's folder. */
export const USUAL_STATE = '.walt';

const OPTIONS = {
  state: {
    type: 'string',
    default: USUAL_STATE,
    help: `DIR: folder of all that the platform writes (default ${USUAL_STATE})`,
  },
  namespace: {
    type: 'string',
    default: 'walt-net',
    help: 'NAME: network namespace to make (default walt-net)',
  },
  address: {
    type: 'string',
    default: '192.168.152.1/24',
    help: 'CIDR: the server on its network (default 192.168.152.1/24)',
  },
  'no-node': { type: 'boolean', default: false, help: 'start the server without a virtual node' },
  detach: {
    type: 'boolean',
    default: false,
    help: 'come back once the node is booted; `npm stop` with the same --state ends the platform',
  },
  help: { type: 'boolean', default: false, help: 'show this' },
} as const;

/** What somebody typed: `npm start` or `npm stop`. */
export type Command = 'start' | 'stop';

/** What `npm stop` does not look at stays out of its help: it takes it all the same, as typed for `npm start`. */
const OF_STOP = ['state', 'help'];

/** What `npm start` was asked for. */
export type PlatformOptions = {
  readonly state: string;
  readonly namespace: string;
  readonly address: string;
  readonly startsNode: boolean;
  readonly detaches: boolean;
  readonly wantsHelp: boolean;
};

/** Reads the arguments; relative folders start at `root`. Throws a PlatformError for what it does not know. */
export function parseOptions(
  args: readonly string[],
  { root, command }: { readonly root: string; readonly command: Command },
): PlatformOptions {
  const usageError = (message: string) =>
    new PlatformError(message, { remedy: `See: npm ${command} -- --help` });
  const values = parse(args, usageError);
  if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(values.address)) {
    throw usageError(`--address ${values.address}: expected an address as 192.168.152.1/24`);
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(values.namespace)) {
    throw usageError(`--namespace ${values.namespace}: expected letters, digits, dots and dashes`);
  }
  return {
    state: resolve(root, values.state),
    namespace: values.namespace,
    address: values.address,
    startsNode: !values['no-node'],
    detaches: values.detach,
    wantsHelp: values.help,
  };
}

/** The text of `--help`. */
export function helpText(command: Command): string {
  const isShown = (name: string) => command === 'start' || OF_STOP.includes(name);
  const lines = Object.entries(OPTIONS)
    .filter(([name]) => isShown(name))
    .map(([name, { help }]) => `  --${name.padEnd(10)} ${help}`);
  return [`Usage: npm ${command} -- [OPTION…]`, '', ...lines].join('\n');
}

function parse(args: readonly string[], usageError: (message: string) => PlatformError) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (cause) {
    throw usageError(cause instanceof Error ? cause.message : String(cause));
  }
}
