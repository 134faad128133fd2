// Answers to the calls of `walt device …`.
import type { Registry } from '../../devices/registry.ts';
import { type NodeActions, SERVER_NAME } from '../../nodes/node-actions.ts';
import type { Answers } from '../calls/call.ts';
import type { DeviceView, deviceCalls } from '../calls/devices.ts';
import { type DeviceNotes, viewDevice } from './views.ts';

/** What these answers need. */
export type DeviceParts = DeviceNotes & {
  readonly registry: Pick<Registry, 'all'>;
  readonly actions: Pick<NodeActions, 'rename' | 'forget'>;
  /** of the server, dotted IPv4 */
  readonly address: string;
};

/** Answers to the calls of calls/devices.ts. */
export function deviceAnswers(parts: DeviceParts): Answers<typeof deviceCalls> {
  const { registry, actions, address } = parts;
  return {
    'devices.list': async () => {
      const devices = registry.all().map((device) => viewDevice(device, parts));
      return { devices: [viewServer(address), ...devices] };
    },
    'devices.rename': async ({ device, name, takesOthers = false }, { user }) =>
      viewDevice(await actions.rename(device, name, { by: user, takesOthers }), parts),
    'devices.forget': async ({ device, force = false, takesOthers = false }, { user }) => {
      const asking = { by: user, takesOthers, isForced: force };
      return viewDevice(await actions.forget(device, asking), parts);
    },
  };
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
