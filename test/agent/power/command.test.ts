// The driver `command` with real programs.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { identify } from '../../../agent/host/processes/process-identity.ts';
import { command } from '../../../agent/power/command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const target = { name: 'rpi-1', mac: 'b8:27:eb:00:00:01', ip: '192.168.152.7', words: [] };

/** What is on disk of cycles, as it came. */
function notes() {
  const noted: string[] = [];
  const note = (verb: string) => async () => void noted.push(verb);
  return { noted, cycles: { begin: note('begin'), end: note('end') } };
}

/** A driver with a script of its own, and what the script wrote to the log. */
async function scripted(t: ExecutionContext, lines: string, seconds = 60) {
  const folder = await temporaryFolder(t);
  const program = join(folder, 'power');
  await writeFile(program, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  const said: string[] = [];
  const { cycles, noted } = notes();
  const driver = command({
    cycles,
    settings: () => ({ program, seconds }),
    onOutput: ({ name }, verb, line) => said.push(`${name} ${verb}: ${line}`),
  });
  return { driver, said, folder, program, noted };
}

test('command runs the program with verb, name, addresses and words, and no shell reads them', async (t) => {
  const { driver, folder } = await scripted(t, 'printf "%s\\n" "$@" > "$(dirname "$0")/args"');
  const words = ['sw1', '$(touch /tmp/never)', ';', '*'];
  for (const verb of ['on', 'off', 'cycle'] as const) {
    await driver[verb]({ ...target, words });
    const args = (await readFile(join(folder, 'args'), 'utf8')).trimEnd().split('\n');
    t.deepEqual(args, [verb, 'rpi-1', target.mac, target.ip, ...words]);
  }
});

test('command gives what the program writes to the log, line by line', async (t) => {
  const { driver, said } = await scripted(
    t,
    'echo "asking sw1"; echo "sw1: slow" >&2; printf done',
  );
  await driver.cycle(target);
  t.deepEqual(said.toSorted(), [
    'rpi-1 cycle: asking sw1',
    'rpi-1 cycle: done',
    'rpi-1 cycle: sw1: slow',
  ]);
});

test('command runs the program without the environment and input of the server', async (t) => {
  process.env.WALT_TEST_SECRET = 'x';
  const { driver, said } = await scripted(t, 'env | cut -d= -f1 | sort; cat; pwd');
  await driver.on(target);
  const names = said.map((line) => line.replace('rpi-1 on: ', ''));
  t.false(names.includes('WALT_TEST_SECRET'));
  t.true(names.includes('PATH'));
  t.is(names.at(-1), '/');
});

test('command fails with the status of the program and its last line', async (t) => {
  const { driver, program } = await scripted(t, 'echo trying; echo "no outlet 7" >&2; exit 3');
  await t.throwsAsync(driver.off(target), {
    instanceOf: WaltError,
    message: `${program} ended with status 3: no outlet 7`,
  });
  const silent = await scripted(t, 'exit 1');
  await t.throwsAsync(silent.driver.on(target), { message: /power ended with status 1$/ });
  const killed = await scripted(t, 'kill -TERM $$');
  await t.throwsAsync(killed.driver.on(target), { message: /power was ended by SIGTERM$/ });
});

test('command a cycle that fails is on disk as one that is not ended', async (t) => {
  const { driver, noted } = await scripted(t, 'test "$1" = on');
  await t.throwsAsync(driver.cycle(target));
  t.deepEqual(noted, ['begin']);
  await driver.on(target);
  t.deepEqual(noted, ['begin', 'end']);
});

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && (await identify(pid)); tries += 1) await sleep(50);
  return (await identify(pid)) === undefined;
}

test('command ends a program that takes too long, with all that it has started', async (t) => {
  const hangs = 'echo $$ > "$(dirname "$0")/pid"; trap "" TERM; sleep 600 & wait; sleep 600';
  const { driver, folder, program } = await scripted(t, hangs, 1);
  await t.throwsAsync(driver.cycle(target), {
    instanceOf: WaltError,
    message: `${program} was ended: it took longer than 1 s`,
  });
  t.true(await isGone(Number(await readFile(join(folder, 'pid'), 'utf8'))));
});

test('command leaves nothing of a program behind that has ended', async (t) => {
  const { driver, folder } = await scripted(t, 'sleep 600 & echo $! > "$(dirname "$0")/pid"');
  await driver.on(target);
  t.true(await isGone(Number(await readFile(join(folder, 'pid'), 'utf8'))));
});

test('command does not wait for the output of what has left the group of the program', async (t) => {
  const leaves =
    'setsid sh -c "echo \\$\\$ > $(dirname "$0")/pid; exec sleep 600" & sleep 0.3; echo left';
  const { driver, folder, said } = await scripted(t, leaves);
  await driver.on(target);
  t.deepEqual(said, ['rpi-1 on: left']);
  process.kill(Number(await readFile(join(folder, 'pid'), 'utf8')), 'SIGKILL');
});

test('command says 200 lines of much output, each cut where it is long', async (t) => {
  const { driver, said } = await scripted(t, 'printf "%01000d\\n" 7; seq 300');
  await driver.on(target);
  t.is(said.length, 201);
  t.is(said[0]?.length, 'rpi-1 on: '.length + 500);
  t.is(said[199], 'rpi-1 on: 199');
  t.is(said[200], 'rpi-1 on: (more than that is left out)');
});

test('command ends a program that writes without end', async (t) => {
  const { driver, program, said } = await scripted(t, 'exec yes');
  await t.throwsAsync(driver.on(target), {
    message: `${program} was ended: it writes without end`,
  });
  t.is(said.length, 201);
});

test('command.status() is what the program prints last', async (t) => {
  const on = await scripted(t, 'echo asking >&2; echo ON');
  t.is(await on.driver.status(target), 'on');
  t.deepEqual(on.said, ['rpi-1 status: asking']);
  const off = await scripted(t, 'echo connected; echo off');
  t.is(await off.driver.status(target), 'off');
  const odd = await scripted(t, 'echo perhaps');
  await t.throwsAsync(odd.driver.status(target), {
    message: `${odd.program} status printed 'perhaps', expected on or off`,
  });
  const silent = await scripted(t, 'true');
  await t.throwsAsync(silent.driver.status(target), { message: /printed '', expected on or off$/ });
});

test('command says why a program cannot be started', async (t) => {
  const { program, folder } = await scripted(t, 'true');
  const run = (path: string) =>
    command({
      ...notes(),
      settings: () => ({ program: path, seconds: 60 }),
      onOutput: () => undefined,
    }).on(target);
  const missing = join(folder, 'none');
  await t.throwsAsync(run(missing), {
    message: `Cannot run ${missing}: there is no such file, or the interpreter of its first line is missing`,
  });
  await t.throwsAsync(run(join(program, 'x')), { message: /a part of its path is no folder$/ });
  await chmod(program, 0o644);
  await t.throwsAsync(run(program), { message: /may not be executed \(chmod \+x/ });
  await mkdir(join(folder, 'folder'));
  await t.throwsAsync(run(join(folder, 'folder')), { message: /may not be executed/ });
  await chmod(program, 0o755);
  await writeFile(program, '#!/nonexistent/sh\n');
  await t.throwsAsync(run(program), { message: /interpreter of its first line is missing$/ });
});

test('command without a program in the configuration says what to set', async (t) => {
  const { noted, cycles } = notes();
  const driver = command({
    cycles,
    settings: () => ({ seconds: 1 }),
    onOutput: () => undefined,
  });
  t.false(driver.canSwitch);
  for (const verb of ['on', 'off', 'cycle', 'status'] as const) {
    await t.throwsAsync(driver[verb](target), {
      instanceOf: WaltError,
      message: /set power\.command in its configuration$/,
    });
  }
  t.deepEqual(noted, [], 'nothing was begun');
});
