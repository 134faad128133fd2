// The server's side of virtual machines that the runner starts, and of the kernel's switch that it turns.
import type { MachineRunner } from '../../machines/kept/machine-runner.ts';
import type { Accelerator } from '../../machines/kept/qemu/accelerator.ts';
import type { ForwardingSwitch } from '../../net/interface/forwarding.ts';
import { askRunner } from './session.ts';

/** @param socket path of the runner's */
export function unitMachineRunner(socket: string): MachineRunner {
  return {
    start: async (plan, accelerator) => {
      await askRunner(socket, { verb: 'start-machine', plan, accelerator });
    },
    end: async (mac) => {
      await askRunner(socket, { verb: 'end-machine', mac });
    },
    isRunning: async (mac) =>
      (await askRunner(socket, { verb: 'is-machine-running', mac })) === true,
    plugIn: async () => (await askRunner(socket, { verb: 'plug-in-machines' })) as string[],
    complaintAboutNetworks: async (networks) => {
      const complaint = await askRunner(socket, { verb: 'complaint-about-networks', networks });
      return typeof complaint === 'string' ? complaint : undefined;
    },
    accelerator: async () => (await askRunner(socket, { verb: 'accelerator' })) as Accelerator,
  };
}

/** @param socket path of the runner's */
export function unitForwarding(socket: string): ForwardingSwitch {
  const turn = (how: 'was-on' | 'on' | 'put-back') =>
    askRunner(socket, { verb: 'forwarding', turn: how });
  return {
    wasOn: async () => (await turn('was-on')) === true,
    on: async () => {
      await turn('on');
    },
    putBack: async () => {
      await turn('put-back');
    },
  };
}
