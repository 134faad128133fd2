// One virtual machine of 256 MiB, emulated, in the folder that the program is told.
import { machineFiles } from '../../../agent/machines/kept/machine-files.ts';
import { Machines } from '../../../agent/machines/kept/machines.ts';
import type { Hardware } from '../../../agent/machines/kept/plan.ts';
import { qemuPid } from '../../../agent/machines/kept/qemu/qemu-process.ts';

const [, , folder = ''] = process.argv;
const mac = '52:54:00:00:00:01';

/** On from now on; `said` are its lines for the log. @param networks that it has cards on */
export async function openOneMachine(networks: readonly string[]) {
  const { machines, said } = machinesOfOneServer(networks);
  await machines.resume([]);
  await machines.add(mac);
  return { folder, mac, machines, said, pid: () => qemuPid(machineFiles(folder, mac)) };
}

/** What a server keeps that begins now, and what it says. */
export function machinesOfOneServer(networks: readonly string[]) {
  const hardware: Hardware = {
    memoryBytes: 256 * 2 ** 20,
    cores: 1,
    firmware: 'bios',
    disks: [],
    networks: networks.map((name) => ({ name })),
  };
  const said: string[] = [];
  const machines = new Machines({
    ...{ folder, bridge: 'walt-net' },
    wanted: () => ({ plan: { mac, name: 'pc-1', hardware }, isOn: true }),
    setOn: async () => undefined,
    tell: (news) => void said.push(news.kind === 'said' ? news.text : news.cause),
    accelerator: async () => ({ kind: 'tcg', why: 'this is a test' }),
  });
  return { machines, said };
}
