// `walt`: the command with which people see and steer the platform. The only part of it that knows argv,
// environment and exit codes.
import { userInfo } from 'node:os';
import { shownText } from '../host/shown-text.ts';
import { createClient } from './client.ts';
import { CommandError } from './command-line/command-error.ts';
import { runCommandLine } from './command-line/run-command-line.ts';
import { userName } from './names/user-name.ts';
import { output } from './terminal/output.ts';
import { questions } from './terminal/questions.ts';

const { WALT_SOCKET: socket = '/run/walt/walt-server.sock' } = process.env;
const { WALT_USER, SUDO_USER, USER } = process.env;

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read our output has gone, as `head` does: nothing is left to say.
  if (error.code === 'EPIPE') process.exit();
  console.error(`Cannot write the output: ${error.message}`);
  process.exit(1);
});

const { signal } = stop;
try {
  const user = userName(WALT_USER || SUDO_USER || USER || userInfo().username);
  await runCommandLine(process.argv.slice(2), {
    client: createClient({ socket, user, signal }),
    io: {
      ...output(process),
      user,
      ...questions(process),
      folder: process.cwd(),
      signal,
    },
  });
} catch (thrown) {
  if (signal.aborted) {
    process.exitCode = 130;
  } else if (thrown instanceof CommandError) {
    console.error(shownText(thrown.message));
    process.exitCode = 1;
  } else {
    throw thrown;
  }
}
