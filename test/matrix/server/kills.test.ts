// What is killed again and again, for minutes: the server while thousands of devices get their addresses, and every program under a
// node that runs.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { defaultImage, type Lab } from '../../../lab/lab.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { killUnderLoad } from '../../support/process/killed-server.ts';

const IP = '192.168.152.2';
const NODE = 'node-00b001';
/** What NFS and the server consist of; the server itself is killed by its own name. */
const PROGRAMS = ['ganesha.nfsd', 'rpcbind', 'walt-nfs-guard'];
const ROUNDS = 24;

test.serial('20 kills under load lose none of 2,000 devices', async (t) => {
  t.timeout(20 * 60_000);
  const load = { rounds: 20, atOnce: 32, prefix: 16, longestMs: 6000 };
  const granted = await killUnderLoad(t, 'kills', load);
  t.log(`${granted} addresses were granted`);
  t.true(granted >= 2000);
});

/** Processes of the lab's network with one of these names; only this test has such a network. */
async function pidsOf({ namespace }: Lab, names: readonly string[]): Promise<number[]> {
  const { said } = await runProgram(['ip', 'netns', 'pids', namespace.name]);
  const pids: number[] = [];
  for (const pid of said.split('\n').filter(Boolean).map(Number)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (names.some((name) => command.startsWith(name))) pids.push(pid);
  }
  return pids;
}

async function kill(lab: Lab, round: number): Promise<void> {
  const names = round % 5 === 4 ? PROGRAMS : PROGRAMS.slice(round % 3, (round % 3) + 1);
  if (round % 2 === 0) await lab.endServer('SIGKILL');
  for (const pid of await pidsOf(lab, names)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended with the one before.
    }
  }
  if (round % 2 === 0) await lab.startServer();
}

test.serial('a node runs on through kills of every program', async (t) => {
  t.timeout(60 * 60_000);
  const lab = await openLab(t, 'through');
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  await lab.startPc({ name: 'pc1', mac: '52:54:00:00:b0:01', firmware: 'bios' });
  const isKnown = (text: string) => text.includes(NODE);
  await eventually(() => lab.walt('device', 'show'), isKnown, 400);
  await lab.walt('node', 'wait', NODE, '--timeout', '600');
  const bootId = await lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id');
  for (let round = 0; round < ROUNDS; round += 1) {
    await kill(lab, round);
    // Read anew, from the server: what the node has in memory says nothing of it.
    const read =
      'echo 3 > /proc/sys/vm/drop_caches; cat /usr/bin/* /bin/* | sha256sum | cut -c1-64';
    t.regex(await lab.ssh(IP, read), /^[0-9a-f]{64}\n$/, `round ${round}`);
    t.is(await lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id'), bootId, `round ${round}`);
    const shown = async () => JSON.parse(await lab.walt('node', 'show', '--all', '--json'));
    await eventually(shown, ({ nodes }) => nodes[0].booted === true, 60);
    await sleep(1000);
  }
  t.notRegex(await lab.serverLog(), /is down/);
  t.is(await lab.ssh(IP, 'systemctl --failed --no-legend'), '');
});
