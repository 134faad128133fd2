// Network namespaces as the lab makes them, which go with the test that made them whatever becomes of it.
import * as lab from '../../lab/network/namespace.ts';
import * as machines from '../../lab/network/plug-machine.ts';
import { watchOver } from '../../lab/programs/watchdog.ts';

export type { Namespace } from '../../lab/network/namespace.ts';

export const createNamespace: typeof lab.createNamespace = async (name, options) => {
  watchOver({ namespaces: [name] });
  return await lab.createNamespace(name, options);
};

export const plugMachine: typeof machines.plugMachine = async (host, machine) => {
  watchOver({ namespaces: [machine.name] });
  return await machines.plugMachine(host, machine);
};
