import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { isAlive } from '../../../../scripts/images/cache/is-alive.ts';
import { eventually } from '../../../support/lab.ts';

test('isAlive() is true for a process that runs, and false for a number that nobody has', (t) => {
  t.true(isAlive(process.pid));
  t.true(isAlive(1));
  t.false(isAlive(2 ** 22 + 1));
});

test('isAlive() is false for a process that ended and that nobody waits for', async (t) => {
  // The shell becomes a program that has no idea of the child, which ends later.
  const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await eventually(
    async () => isAlive(pid),
    (alive) => !alive,
    20,
  );
  t.notThrows(() => process.kill(pid, 0), 'the number is still taken');
});
