// `walt`: the command with which people see and steer the platform. The only part of it that knows argv,
// environment and exit codes.
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { isSystemError, messageOf } from '../errors.ts';
import { shownText } from '../host/text/shown-text.ts';
import { createClient } from './client.ts';
import { CommandError, StatusError } from './command-line/command-error.ts';
import { runCommandLine } from './command-line/run-command-line.ts';
import { userName } from './names/user-name.ts';
import { loginFile } from './remote/login-file.ts';
import { namedByEnvironment, placeFor } from './remote/place.ts';
import { output } from './terminal/output.ts';
import { pageShower } from './terminal/pages.ts';
import { questions } from './terminal/questions.ts';
import { wireOf } from './terminal/wire.ts';

const { WALT_SOCKET, WALT_USUAL_SOCKET, WALT_SERVER, WALT_TOKEN, WALT_CA } = process.env;
const {
  WALT_START_COMMAND,
  WALT_USER,
  XDG_CONFIG_HOME,
  SUDO_USER,
  USER,
  TERM = 'dumb',
} = process.env;
const { stdout, stderr } = process;

/** How the command can be ended, with the exit status that says so. */
const ENDINGS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Words of who wants to read. */
const HELP = ['--help', '-h', '--version'];

/** STDIN_FILENO */
const STDIN = 0;

const stop = new AbortController();
let ending = 130;
for (const [name, status] of Object.entries(ENDINGS)) {
  process.once(name, () => {
    ending = status;
    stop.abort();
  });
}
// On a terminal that is closed nothing can be said any more.
const goOn = () => undefined;
stderr.on('error', goOn);
/** Few commands read anything, and Node.js loads what reads when it is first used: some milliseconds. */
const stdin = () => process.stdin.off('error', goOn).on('error', goOn);
const hasTerminal = isatty(STDIN);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read our output has gone, as `head` does: nothing is left to say.
  if (error.code === 'EPIPE') process.exit();
  console.error(`Cannot write the output: ${error.message}`);
  process.exit(1);
});

const { signal } = stop;
try {
  const file = loginFile(join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'walt/client.yaml'));
  const words = process.argv.slice(2);
  const usual = { WALT_USUAL_SOCKET, WALT_START_COMMAND };
  const named = { WALT_SOCKET, ...usual, WALT_SERVER, WALT_TOKEN, WALT_CA };
  const { place, user: known } = placeFor(words, named, file);
  const whoAsks = async () =>
    'remote' in place
      ? (known ?? (await createClient({ ...place, user: '', signal }).call('users.whoAmI')).user)
      : userName(WALT_USER || undefined, () => SUDO_USER || USER || userInfo().username);
  const user = await whoAsks().catch((thrown: unknown) => {
    // Whoever wants to read has to be nobody, and to reach no server.
    if (words.length > 0 && !words.some((word) => HELP.includes(word))) throw thrown;
    return '';
  });
  await runCommandLine(words, {
    client: createClient({ ...place, user, signal }),
    io: {
      ...output({ stdout, stderr }),
      page: pageShower(stdout, process.env),
      user,
      login: file,
      named: namedByEnvironment(named),
      ...questions({ stdin, hasTerminal, stderr, signal }),
      wire: wireOf({ stdin, hasTerminal, stdout, stderr, type: TERM }),
      folder: process.cwd(),
      signal,
    },
  });
} catch (thrown) {
  if (signal.aborted) {
    process.exitCode = ending;
  } else if (thrown instanceof StatusError) {
    process.exitCode = thrown.status;
  } else if (thrown instanceof CommandError) {
    console.error(shownText(thrown.message));
    process.exitCode = 1;
  } else if (isSystemError(thrown)) {
    console.error(shownText(`Cannot go on: ${messageOf(thrown)}.`));
    process.exitCode = 1;
  } else {
    throw thrown;
  }
}
