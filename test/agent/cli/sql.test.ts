// `walt advanced sql` beside a server that is at work on the same database.
import test, { type ExecutionContext } from 'ava';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { WALT } from '../../../lab/programs/walt-programs.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { CTRL_D, runOnTerminal } from '../../support/process/terminal.ts';
import { put } from '../../support/put.ts';
import { startTestPlatform } from './test-platform.ts';

async function lab(t: ExecutionContext) {
  const platform = await startTestPlatform({ hasFile: true });
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  return { ...platform, sql: (...more: string[]) => platform.walt('advanced', 'sql', ...more) };
}

test('walt advanced sql -c answers from the database of the running server', async (t) => {
  const { registry, sql } = await lab(t);
  const question = 'SELECT name, serial FROM devices ORDER BY name';
  t.is((await sql('-c', question)).out, 'name  serial\n----  ------\npc-1  NULL\n(1 row)\n');
  await put(registry, nodeNamed('pc-2', { ip: '127.0.152.12' }));
  // In the journal of devices alone, for some tenths of a second.
  const { out } = await sql('--command', question, '--json');
  const rows = ['pc-1', 'pc-2'].map((name) => ({ name, serial: null }));
  t.deepEqual(JSON.parse(out), { results: [rows] });
  const refused = await sql('-c', "DELETE FROM devices WHERE name = 'pc-1'");
  t.deepEqual([refused.code, refused.out], [1, '']);
  t.regex(refused.err, /^Nothing was changed: statements may only read, expected --write .*\n$/);
  t.is((await sql('SELECT 40 + 2 AS sum')).out, 'sum\n---\n42\n(1 row)\n');
});

test('walt advanced sql --write is asked for, and the server goes on meanwhile', async (t) => {
  const { registry, sql } = await lab(t);
  const change = ['--write', '-c', "UPDATE devices SET serial = 'x' WHERE name = 'pc-1'"];
  const unmeant = await sql(...change);
  t.is(unmeant.code, 1);
  t.regex(unmeant.err, /below the running server.*\nNothing was changed: .*--yes/);
  t.is((await sql(...change, '--yes')).code, 0);
  await put(registry, nodeNamed('pc-2', { ip: '127.0.152.12' }));
  const { out } = await sql('-c', 'SELECT serial FROM devices ORDER BY name');
  t.is(out, 'serial\n------\nx\nNULL\n(2 rows)\n');
});

test('walt advanced sql takes statements of several lines at its prompt', async (t) => {
  const { socket } = await lab(t);
  const env = { WALT_SOCKET: socket, WALT_USER: 'alice' };
  const { code, out } = await runOnTerminal(`exec ${process.execPath} ${WALT} advanced sql`, {
    lines: ['SELECT name', 'FROM devices;', 'SELECT nope;', 'SELECT 40 + 2 AS sum;', CTRL_D],
    env,
  });
  t.is(code, 0, out);
  t.regex(out, /pc-1\s+\(1 row\)/);
  t.regex(out, /no such column: nope/);
  t.regex(out, /sum\s+---\s+42\s+\(1 row\)/);
});

test('walt advanced sql reads statements from standard input', async (t) => {
  const { socket } = await lab(t);
  const argv = ['env', `WALT_SOCKET=${socket}`, process.execPath, WALT, 'advanced', 'sql'];
  const input = 'SELECT 1 AS one;\nSELECT 2 AS two;\n';
  const { code, said } = await runProgram(argv, { input });
  t.is(code, 0, said);
  t.is(said, 'one\n---\n1\n(1 row)\n\ntwo\n---\n2\n(1 row)\n');
  const nothing = await runProgram(argv, { input: ' \n' });
  t.is(nothing.code, 1);
  t.regex(nothing.said, /^walt advanced sql: there is no statement\n$/);
});
