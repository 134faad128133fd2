import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openToGroup } from '../../../../agent/api/servers/socket-group.ts';
import { NoServerError } from '../../../../agent/cli/no-server-error.ts';
import { WaltError } from '../../../../agent/errors.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A group of every Debian, and an account that is not in it (base-passwd). */
const GAMES = 60;
const NOBODY = 65534;

async function socketOf(t: ExecutionContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await chmod(folder, 0o755);
  const path = join(folder, 'server.sock');
  const server = createServer((connection) => connection.end()).listen(path);
  t.teardown(() => server.close());
  await once(server, 'listening');
  return path;
}

/** What a process of this user and group is told when it connects: nothing where it may. */
function refusal(path: string, gid: number): string {
  const connect =
    'use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); connect($s, pack_sockaddr_un($ARGV[0])) or print $!';
  const options = { uid: NOBODY, gid, encoding: 'utf8' } as const;
  return spawnSync('/usr/bin/perl', ['-e', connect, path], options).stdout;
}

test('openToGroup() lets the members of the group in, and nobody else', async (t) => {
  const path = await socketOf(t);
  await openToGroup(path, 'games');
  const { mode, gid } = await stat(path);
  t.is(mode & 0o777, 0o660);
  t.is(gid, GAMES);
  t.is(refusal(path, GAMES), '');
  t.is(refusal(path, NOBODY), 'Permission denied');
  const denied = Object.assign(new Error(), { code: 'EACCES' });
  t.regex(new NoServerError(path, denied).message, /members of group games may: .*--groups games/);
});

test('openToGroup() refuses a group that is not there, by name', async (t) => {
  const path = await socketOf(t);
  const error = await t.throwsAsync(openToGroup(path, 'no-such-group'), { instanceOf: WaltError });
  t.regex(error?.message ?? '', /api\.group is no-such-group/);
  t.is((await stat(path)).mode & 0o777, 0o660, 'nor is it open to all meanwhile');
});

test('openToGroup() without a wish takes group walt if there is one, else root alone', async (t) => {
  const path = await socketOf(t);
  await openToGroup(path, undefined);
  const known = spawnSync('getent', ['group', 'walt'], { encoding: 'utf8' }).stdout.split(':')[2];
  t.is((await stat(path)).gid, Number(known ?? 0));
  t.is(refusal(path, NOBODY), 'Permission denied');
});
