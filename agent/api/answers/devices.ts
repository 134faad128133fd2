// Answers to the calls of `walt device …`.
import type { Registry } from '../../devices/registry.ts';
import type { KeptShares } from '../../keeping/kept-shares.ts';
import { type NodeActions, SERVER_NAME } from '../../nodes/node-actions.ts';
import type { Answers } from '../calls/call.ts';
import type { DeviceView, deviceCalls } from '../calls/devices.ts';
import { type ImageNotes, viewDevice } from './views.ts';

/** What these answers need. */
export type DeviceParts = ImageNotes & {
  readonly registry: Pick<Registry, 'all'>;
  readonly actions: Pick<NodeActions, 'rename' | 'forget'>;
  readonly shares: Pick<KeptShares, 'remove'>;
  /** of the server, dotted IPv4 */
  readonly address: string;
};

/** Answers to the calls of calls/devices.ts. */
export function deviceAnswers(parts: DeviceParts): Answers<typeof deviceCalls> {
  const { registry, actions, shares, address } = parts;
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
      const forgotten = await actions.forget(device, asking);
      if (removesKept) await shares.remove(forgotten.mac);
      return viewDevice(forgotten, parts);
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
    virtual: false,
    bootsLocal: false,
    ...unknown,
  };
}
