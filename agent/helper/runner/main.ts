// `walt-server-runner`: runs for the server, at a socket of systemd, what takes the rights of root in the network of walt-net.
import { join } from 'node:path';
import { readConfig } from '../../config/read-config.ts';
import { openOwnLine } from '../../consoles/open-line.ts';
import { realFolder } from '../../host/folders/real-folder.ts';
import { MACHINES, ownUserOf, recordsOf } from '../../host/folders/state-owner.ts';
import { ownMounter } from '../../host/mounting/mounter.ts';
import { ownFileMemory } from '../../hot/resident-files.ts';
import {
  type MachineRunner,
  type MachinesPlace,
  ownMachineRunner,
} from '../../machines/kept/machine-runner.ts';
import { NODE_USER } from '../../machines/kept/qemu/qemu-restrictions.ts';
import { ownNameProcess } from '../../names/dnsmasq.ts';
import { Forwarding } from '../../net/interface/forwarding.ts';
import { createNfsServer } from '../../nfs/create.ts';
import { parseCidr } from '../../protocol/ip.ts';
import { helperMounter } from '../helper-mounter.ts';
import { runUnitProgram } from '../unit-program.ts';
import { type RunnerFacts, runnerServer } from './runner-server.ts';

const USAGE = `Usage: walt-server-runner --config FILE

Runs the NFS server, the name server and the virtual machines for walt-server. walt-runner.socket of systemd starts it.
`;

/** Who mounts what NFS servers are to see. */
const { WALT_HOST: HELPER } = process.env;
/** What it keeps of what it runs, which the server cannot write (systemd.exec(5), `StateDirectory=`). */
const { STATE_DIRECTORY: RECORDS } = process.env;

/** What is asked of machines is done one after the other: there is one for each place. */
const runners = new Map<string, MachineRunner>();

await runUnitProgram({
  usage: USAGE,
  umask: 0o022,
  serve: (config, options) => runnerServer({ ...options, facts: () => factsOf(config) }),
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});

/** As the file says now. */
async function factsOf(file: string): Promise<RunnerFacts> {
  const config = await readConfig(file);
  const state = await realFolder(config.state);
  const subnet = parseCidr(config.network.address);
  const { interface: bridge, domain } = config.network;
  const user = (await ownUserOf(state)) === undefined ? undefined : NODE_USER;
  const records = RECORDS ?? (await recordsOf(state));
  const mounter = HELPER === undefined ? ownMounter : helperMounter(HELPER, state);
  return {
    state,
    nfs: (onProblem) =>
      createNfsServer(config.nfs.backend, {
        ...{ subnet, mounter, onProblem, state },
        folder: join(records, 'nfs'),
      }),
    names: () =>
      ownNameProcess({ served: { subnet, domain, folder: join(state, 'names') }, folder: records }),
    machines: machinesOf({ folder: join(state, MACHINES), bridge, user }),
    openLine: openOwnLine,
    fileMemory: ownFileMemory,
    powerProgram: config.power.command,
    forwarding: new Forwarding(join(records, 'ip-forward')),
  };
}

function machinesOf(place: MachinesPlace): MachineRunner {
  const key = JSON.stringify(place);
  const runner = runners.get(key) ?? ownMachineRunner(place);
  runners.set(key, runner);
  return runner;
}
