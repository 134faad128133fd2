// What programs have in common that systemd starts when somebody connects to their socket: they get it open, read the server's
// configuration at each request, and end when they are not needed for a while.
import type { Server } from 'node:net';
import { parseArgs } from 'node:util';
import { isSystemError, messageOf, WaltError } from '../errors.ts';

/** sd_listen_fds(3). */
const FIRST_FD = 3;
/** A server that starts asks several times, and Node.js takes long to start on a small machine. */
const IDLE_MS = 600_000;

type UnitProgram = {
  readonly usage: string;
  /** of files that it makes */
  readonly umask: number;
  /** Makes the server, which listens nowhere yet. @param options what it is to print by, and to call when nobody needs it */
  readonly serve: (
    config: string,
    options: { readonly print: (line: string) => void; readonly onQuiet: () => void },
  ) => Server;
  /** what is done in its place where this option is given; the program ends then */
  readonly atOnce?: { readonly flag: string; readonly run: (config: string) => Promise<void> };
  /** to standard output and standard error */
  readonly say: (line: string) => void;
  readonly complain: (line: unknown) => void;
};

/** Runs it; what goes wrong at the start is said, and is its exit status. */
export async function runUnitProgram(program: UnitProgram): Promise<void> {
  try {
    await run(program);
  } catch (thrown) {
    const isSaid = thrown instanceof WaltError || isSystemError(thrown);
    program.complain(isSaid ? messageOf(thrown) : thrown);
    process.exitCode = 1;
  }
}

async function run(program: UnitProgram): Promise<void> {
  const { usage, umask, serve, atOnce, say, complain } = program;
  const { config, help, isAtOnce } = readArguments(usage, atOnce?.flag);
  if (help) {
    say(usage);
    return;
  }
  if (config !== undefined && isAtOnce && atOnce !== undefined) return await atOnce.run(config);
  if (config === undefined || process.env.LISTEN_FDS !== '1') {
    throw new WaltError(`Cannot start without a configuration and the socket.\n\n${usage}`);
  }
  process.umask(umask);
  // A connection that comes at the end waits in the socket, for the next process.
  const leaveSoon = () => setTimeout(() => process.exit(), IDLE_MS);
  let idle = leaveSoon();
  const onQuiet = () => {
    clearTimeout(idle);
    idle = leaveSoon();
  };
  const server = serve(config, { print: complain, onQuiet });
  server.on('connection', () => clearTimeout(idle));
  server.listen({ fd: FIRST_FD });
}

function readArguments(usage: string, flag: string | undefined) {
  try {
    const options = { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const others = flag === undefined ? {} : { [flag]: { type: 'boolean' } as const };
    const { values } = parseArgs({ options: { ...others, ...options } });
    const { config, help } = values as { readonly config?: string; readonly help?: boolean };
    return { config, help, isAtOnce: flag !== undefined && flag in values };
  } catch (cause) {
    throw new WaltError(`${messageOf(cause)}\n\n${usage}`, { cause });
  }
}
