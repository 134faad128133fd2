// The options of `npm start` and `npm stop`: one table, from which both the parser and the help text are made.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PlatformError } from './platform-error.ts';

const OPTIONS = {
  state: {
    type: 'string',
    default: '.walt',
    help: 'DIR: folder of all that the platform writes (default .walt)',
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
    help: 'come back once the node is booted; `npm stop` ends the platform',
  },
  help: { type: 'boolean', default: false, help: 'show this' },
} as const;

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
export function parseOptions(args: readonly string[], root: string): PlatformOptions {
  const values = parse(args);
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
export function helpText(): string {
  const lines = Object.entries(OPTIONS).map(([name, { help }]) => `  --${name.padEnd(10)} ${help}`);
  return ['Usage: npm start -- [OPTION…]', '', ...lines].join('\n');
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (cause) {
    throw usageError(cause instanceof Error ? cause.message : String(cause));
  }
}

function usageError(message: string): PlatformError {
  return new PlatformError(message, { remedy: 'See: npm start -- --help' });
}
