// `walt-server-runner`: runs for the server, at a socket of systemd, what takes the rights of root in the network of walt-net.
import { join } from 'node:path';
import { readConfig } from '../../config/read-config.ts';
import { realFolder } from '../../host/folders/real-folder.ts';
import { ownMounter } from '../../host/mounting/mounter.ts';
import { type MachineRunner, ownMachineRunner } from '../../machines/kept/machine-runner.ts';
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
  const mounter = HELPER === undefined ? ownMounter : helperMounter(HELPER, state);
  return {
    state,
    nfs: (onProblem) =>
      createNfsServer(config.nfs.backend, {
        ...{ subnet, mounter, onProblem },
        folder: join(state, 'nfs'),
      }),
    names: () =>
      ownNameProcess({ served: { subnet, domain, folder: join(state, 'names') }, folder: state }),
    machines: machinesOf({ folder: join(state, 'machines'), bridge }),
    forwarding: new Forwarding(join(state, 'ip-forward')),
  };
}

function machinesOf(place: { readonly folder: string; readonly bridge: string }): MachineRunner {
  const key = JSON.stringify(place);
  const runner = runners.get(key) ?? ownMachineRunner(place);
  runners.set(key, runner);
  return runner;
}
