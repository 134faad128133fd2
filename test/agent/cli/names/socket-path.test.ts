import test from 'ava';
import { CommandError } from '../../../../agent/cli/command-line/command-error.ts';
import { socketPath } from '../../../../agent/cli/names/socket-path.ts';
import { startWalt } from '../walt-process.ts';

const USUAL = '/run/walt/walt-server.sock';

test('socketPath() is the usual one unless another was chosen', (t) => {
  t.is(socketPath(undefined), USUAL);
  t.is(socketPath(''), USUAL);
  t.is(socketPath('walt.sock'), 'walt.sock');
  t.is(socketPath(`/${'x'.repeat(106)}`).length, 107);
});

test('socketPath() refuses a path that no socket can have', (t) => {
  for (const path of [`/${'x'.repeat(107)}`, `/${'ü'.repeat(54)}`]) {
    t.throws(() => socketPath(path), {
      instanceOf: CommandError,
      message: /^Cannot use WALT_SOCKET: its path has 10[89] bytes, and a socket's has 107 at most/,
    });
  }
});

test('walt says so of a WALT_SOCKET that is too long', async (t) => {
  const env = { WALT_SOCKET: `/${'x'.repeat(200)}` };
  const { code, out, err } = await startWalt(['node', 'show'], env).result;
  t.deepEqual([code, out], [1, '']);
  t.regex(err, /^Cannot use WALT_SOCKET: its path has 201 bytes.*Name a shorter one\.\n$/);
});
