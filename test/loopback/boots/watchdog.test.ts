// What a test process leaves when it is ended in the middle.
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { namespaceExists } from '../../../lab/network/namespace.ts';
import { Background } from '../../../lab/programs/background.ts';
import { eventually } from '../../support/lab.ts';

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`what a test process has made goes with it when it is ended by ${signal}`, async (t) => {
    const name = `walt-wd-${signal.toLowerCase()}-${process.pid}`;
    const folder = await mkdtemp(join(tmpdir(), 'walt-watchdog-'));
    const program = join(import.meta.dirname, '../../support/process/abandoned.ts');
    const abandoned = new Background([process.execPath, program, name, folder]);
    await abandoned.waitFor(/started \d+/);
    const sleeper = `/proc/${/started (\d+)/.exec(abandoned.said)?.[1]}`;
    t.true((await namespaceExists(name)) && existsSync(folder) && existsSync(sleeper));
    abandoned.child.kill(signal);
    const left = async () =>
      (await namespaceExists(name)) || existsSync(folder) || existsSync(sleeper);
    t.false(await eventually(left, (isLeft) => !isLeft, 60));
  });
}
