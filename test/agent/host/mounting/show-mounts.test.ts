// With real mounts, in those of another process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { mountsOf } from '../../../../agent/host/folders/mount-table.ts';
import { showMounts } from '../../../../agent/host/mounting/show-mounts.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A process with mounts of its own, to which none of ours come. */
async function apart(t: ExecutionContext, script: string, ...args: string[]): Promise<number> {
  const words = ['--mount', '--propagation', 'private', 'sh', '-c', `${script}; echo; cat`, 'sh'];
  const child = spawn('unshare', [...words, ...args]);
  t.teardown(() => child.kill());
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

async function mountedPlace(t: ExecutionContext, place: string): Promise<void> {
  await mkdir(place, { recursive: true });
  await runProgram('mount', ['-t', 'tmpfs', 'tmpfs', place]);
  t.teardown(() => runProgram('umount', [place]));
}

test('showMounts() mounts at the same place for a process that has mounts of its own', async (t) => {
  const place = join(await temporaryFolder(t), 'persist/alice/one');
  const pid = await apart(t, ':');
  await mountedPlace(t, place);
  t.false((await mountsOf(pid)).has(place));
  await showMounts(pid, [place]);
  t.true((await mountsOf(pid)).has(place));
});

test('showMounts() goes through no link that lies there for the other process', async (t) => {
  const folder = await temporaryFolder(t);
  const [persist, elsewhere] = [join(folder, 'persist'), join(folder, 'elsewhere')];
  await mkdir(persist);
  await mkdir(join(elsewhere, 'one'), { recursive: true });
  const script = 'mount -t tmpfs tmpfs "$1" && ln -s "$2" "$1/alice"';
  const pid = await apart(t, script, persist, elsewhere);
  const place = join(persist, 'alice/one');
  await mountedPlace(t, place);
  await t.throwsAsync(showMounts(pid, [place]), { message: /Cannot open/ });
  t.false((await mountsOf(pid)).has(join(elsewhere, 'one')));
});

test('showMounts() shows nothing to a process that has ended, waited for or not', async (t) => {
  const place = join(await temporaryFolder(t), 'place');
  await mountedPlace(t, place);
  // A shell may wait for its child, and then there is none any more.
  const forks = '$| = 1; my $child = fork; exit unless $child; print "$child\\n"; sleep 60';
  const parent = spawn('perl', ['-e', forks]);
  t.teardown(() => parent.kill());
  const [child] = await once(parent.stdout, 'data');
  const isZombie = async () => /\) Z /.test(await readFile(`/proc/${Number(child)}/stat`, 'utf8'));
  for (let tries = 0; tries < 500 && !(await isZombie()); tries += 1) await sleep(10);
  await t.notThrowsAsync(showMounts(Number(child), [place]));
  parent.kill();
  await once(parent, 'close');
  await t.notThrowsAsync(showMounts(parent.pid ?? 0, [place]));
});
