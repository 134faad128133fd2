// Answers to the calls of `walt device …`.
import { type Device, isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { RequestError } from '../../errors.ts';
import type { KeptShares } from '../../keeping/kept-shares.ts';
import { pingCommand, sshCommand } from '../../nodes/device-programs.ts';
import { type NodeActions, SERVER_NAME } from '../../nodes/node-actions.ts';
import { refuseFilesOfOthers } from '../../nodes/ownership.ts';
import type { Answers } from '../calls/call.ts';
import type { DeviceView, deviceCalls } from '../calls/devices.ts';
import { type ProgramParts, programLines } from './lines/program-lines.ts';
import { type DeviceNotes, viewDevice } from './views.ts';

/** What these answers need. */
export type DeviceParts = DeviceNotes & {
  readonly registry: Pick<Registry, 'all'>;
  readonly actions: Pick<NodeActions, 'rename' | 'forget' | 'device'>;
  readonly shares: Pick<KeptShares, 'ownersOf' | 'remove'>;
  /** of the server, dotted IPv4 */
  readonly address: string;
  /** folder with the server's key */
  readonly sshFolder: string;
  /** where devices listen for ssh; 22 unless told */
  readonly sshPort?: number;
} & ProgramParts;

/** Answers to the calls of calls/devices.ts. */
export function deviceAnswers(parts: DeviceParts): Answers<typeof deviceCalls> {
  const { registry, actions, shares, address, sshFolder, sshPort = 22 } = parts;
  return {
    'devices.list': async () => {
      const devices = registry.all().map((device) => viewDevice(device, parts));
      return { devices: [viewServer(address), ...devices] };
    },
    'devices.rename': async ({ device, name, takesOthers = false }, { user }) =>
      viewDevice(await actions.rename(device, name, { by: user, takesOthers }), parts),
    'devices.forget': async (asked, { user }) => {
      const { device, force = false, takesOthers = false, removesKept = false } = asked;
      const asking = { by: user, takesOthers, isForced: force };
      if (removesKept && !takesOthers) {
        const { mac } = actions.device(device);
        refuseFilesOfOthers(device, await shares.ownersOf(mac), user);
      }
      const forgotten = await actions.forget(device, asking);
      if (removesKept) await shares.remove(forgotten.mac);
      return viewDevice(forgotten, parts);
    },
    'devices.kept': async ({ device }) => ({
      owners: await shares.ownersOf(actions.device(device).mac),
    }),
    'devices.ping': ({ device, count }, caller) =>
      programLines(parts, caller, { command: pingCommand(actions.device(device).ip, count) }),
    'devices.shell': ({ device, account, terminal }, caller) => {
      const { ip, mac } = requireNoNode(actions.device(device));
      const target = { ip, mac, user: account, folder: sshFolder, port: sshPort };
      return programLines(parts, caller, { command: sshCommand(target), terminal });
    },
  };
}

function requireNoNode(device: Device): Device {
  if (!isNode(device)) return device;
  throw new RequestError(
    409,
    `${device.name} is a node: what is changed there is gone at its next boot. walt image shell changes its image.`,
  );
}

function viewServer(ip: string): DeviceView {
  const unknown = { model: null, serial: null, note: null };
  return {
    name: SERVER_NAME,
    ip,
    mac: '',
    type: 'server',
    netsetup: null,
    virtual: false,
    bootsLocal: false,
    ...unknown,
  };
}
