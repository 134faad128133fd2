// One server at a time on a state folder, with real processes and the kernel's locks.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { holdState, refuseHeld, STATE_LOCK } from '../../../../agent/host/folders/state-lock.ts';
import { Background } from '../../../../lab/programs/background.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const failure = 'Cannot start';
const LOCK = join(import.meta.dirname, '../../../../agent/host/folders/state-lock.ts');

/** Another process that takes a state folder, says so, and stays. */
async function holder(
  t: ExecutionContext,
  state: string,
  env: readonly string[] = [],
): Promise<Background> {
  const script = `const { holdState } = await import(${JSON.stringify(LOCK)});
await holdState(${JSON.stringify(state)}, { failure: 'no' }); console.log('held'); setInterval(() => {}, 1000);`;
  const process_ = new Background([
    ...['env', ...env, process.execPath, '--input-type=module', '--eval', script],
  ]);
  t.teardown(() => process_.kill());
  await process_.waitFor(/held/);
  return process_;
}

test('a state folder is one process at a time, and whoever comes is told which', async (t) => {
  const state = await temporaryFolder(t);
  const other = await holder(t, state);
  const said = new RegExp(
    `^Cannot start: a server runs there, process ${other.child.pid}\\. Stop it`,
  );
  await t.throwsAsync(holdState(state, { failure }), { message: said });
  await t.throwsAsync(refuseHeld(state, { failure }), { message: said });
  // Killed, and perhaps still going when it is asked again.
  other.child.kill('SIGKILL');
  const { release } = await holdState(state, { failure });
  await t.throwsAsync(holdState(state, { failure }), { message: /a server runs there/ });
  release();
  await t.notThrowsAsync(refuseHeld(state, { failure }));
});

test('whoever comes is told how a server ends whose starter has said so', async (t) => {
  const state = await temporaryFolder(t);
  await holder(t, state, ['WALT_STOP_COMMAND=npm stop -- --state x']);
  await t.throwsAsync(refuseHeld(state, { failure }), {
    message: /Stop it first: npm stop -- --state x\.$/,
  });
});

test('refuseHeld() makes nothing', async (t) => {
  const state = await temporaryFolder(t);
  await refuseHeld(state, { failure });
  await refuseHeld(join(state, 'nowhere'), { failure });
  t.deepEqual(await readdir(state), []);
});

/** A process whose main thread has ended: it is a zombie, and holds its locks until its other thread ends too. */
const DYING = `
import ctypes, fcntl, sys
file = open(sys.argv[1], 'r+b')
fcntl.lockf(file, fcntl.LOCK_EX, 512, 0x40000000)
libc = ctypes.CDLL(None)
thread = ctypes.c_ulong()
libc.pthread_create(ctypes.byref(thread), None, ctypes.cast(libc.pause, ctypes.c_void_p), None)
print('held', flush=True)
libc.syscall({'x86_64': 60, 'aarch64': 93}[__import__('os').uname().machine], 0)
`;

test('a process that holds a state folder and is ending is waited for', async (t) => {
  const state = await temporaryFolder(t);
  (await holdState(state, { failure })).release();
  const dying = new Background(['python3', '-c', DYING, join(state, STATE_LOCK)]);
  t.teardown(() => dying.kill());
  await dying.waitFor(/held/);
  const waits = Promise.withResolvers<string>();
  const held = holdState(state, { failure, say: waits.resolve });
  held.catch((reason: Error) => waits.resolve(reason.message));
  t.is(await waits.promise, `waits for process ${dying.child.pid}, which is ending`);
  await runProgram(['kill', '-KILL', String(dying.child.pid)]);
  await (await held).releaseWithoutTrace();
  t.deepEqual(await readdir(state), []);
});
