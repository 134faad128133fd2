import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import test from 'ava';
import {
  wordsForNoRights,
  wordsToDieWithUs,
} from '../../../../agent/host/processes/less-rights.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { eventually } from '../../../support/lab.ts';

/** A user with a right, as a unit with `User=` and `AmbientCapabilities=` has it. */
const USER = 65_534;
const AS_USER = [
  ...['--reuid', String(USER), '--regid', String(USER), '--clear-groups'],
  ...['--inh-caps=+net_admin', '--ambient-caps=+net_admin'],
];
const STATUS = ['cat', '/proc/self/status'];

const rights = (status: string) => /^CapEff:\s*(\S+)$/m.exec(status)?.[1];

test('a program of a server that is not root begins without its rights, and gets none', async (t) => {
  t.is(rights(await runProgram('setpriv', [...AS_USER, ...STATUS])), '0000000000001000');
  const status = await runProgram('setpriv', [
    ...AS_USER,
    ...wordsForNoRights([], USER),
    ...STATUS,
  ]);
  t.is(rights(status), '0000000000000000');
  t.regex(status, /^NoNewPrivs:\s*1$/m);
});

test('of a program of root the bounding set is what it may keep', async (t) => {
  const [program = '', ...words] = wordsForNoRights(['dac_read_search'], 0);
  const status = await runProgram(program, [...words, ...STATUS]);
  t.regex(status, /^CapBnd:\s*0000000000000004$/m);
});

for (const uid of [0, USER]) {
  test(`a program that is to die with us ends with its parent, of user ${uid}`, async (t) => {
    const [program = '', ...words] = [...wordsToDieWithUs(uid), 'sleep', '60'];
    const parent = spawn('sh', ['-c', '"$@" & echo $!; wait', 'sh', program, ...words]);
    const pid = Number(String((await once(parent.stdout, 'data'))[0]));
    const command = () => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    t.regex(await eventually(command, (text) => text.startsWith('sleep'), 20), /^sleep/);
    parent.kill('SIGKILL');
    t.is(await eventually(command, (text) => text === '', 20), '');
  });
}

test('a program that is not there is said as setpriv says it', async (t) => {
  const [program = '', ...words] = [...wordsToDieWithUs(USER), '/nonexistent/program'];
  await t.throwsAsync(runProgram(program, words), { message: /\(127\): .*\/nonexistent\/program/ });
});
