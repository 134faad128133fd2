// From the server's own records to what travels.
import type { BootBook, NodeStatus } from '../../boots/boot-book.ts';
import { type Device, isNode, type Node } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { type Image, ownerOf } from '../../images/content/image.ts';
import type { MachineState } from '../../machines/kept/kept-machine.ts';
import type { HasNat } from '../../nodes/netsetup.ts';
import { isPoweredOff } from '../../nodes/powered-off.ts';
import type { Asleep } from '../../nodes/saving/asleep.ts';
import { isSwitch } from '../../switches/access-of.ts';
import type { DeviceView } from '../calls/devices.ts';
import type { ImageView } from '../calls/lines/image-line.ts';
import type { MachineView, NodeView } from '../calls/views/node-view.ts';

/** Who may use an image. */
export type ImageUsers = { readonly registry: Pick<Registry, 'all'> };

/** What of a device is told by others than its record. */
export type DeviceNotes = {
  readonly hasNat: HasNat;
  /** what is happening about the default image of a model, in words */
  readonly imageNoteOf: (model: string) => string | undefined;
};

/** A boot of which nothing more is heard once a system of the disk has started: the last that came is a file, the start script. */
const SILENT: readonly NodeStatus['state'][] = ['files', 'stalled'];

/** A node as callers see it. */
export function viewNode(
  node: Node,
  {
    boots,
    hasNat,
    asleep,
  }: Pick<DeviceNotes, 'hasNat'> & {
    readonly boots: Pick<BootBook, 'statusOf'>;
    readonly asleep: Pick<Asleep, 'has'>;
  },
): NodeView {
  const { name, model, image, ip, mac, bootsLocal = false } = node;
  const { state: last, since } = boots.statusOf(mac);
  const state = asleep.has(mac) ? 'asleep' : bootsLocal && SILENT.includes(last) ? 'local' : last;
  return {
    name,
    type: node.machine !== undefined ? 'virtual' : 'physical',
    model,
    image,
    owner: ownerOf(image),
    ip,
    mac,
    netsetup: netsetupOf(node, hasNat),
    bootsLocal,
    poweredOff: isPoweredOff(node),
    booted: state === 'booted',
    state,
    since: since ?? null,
  };
}

/** How the machine of a virtual node stands, as callers see it. */
export function viewMachine(state: MachineState): MachineView {
  const { isOn, accelerator, isOutdated = false, trouble } = state;
  return { isOn, accelerator: accelerator ?? null, isOutdated, trouble: trouble ?? null };
}

/** A device as callers see it. */
export function viewDevice(device: Device, notes: DeviceNotes): DeviceView {
  const { name, ip, mac, type, model, serial, bootsLocal = false } = device;
  return {
    name,
    ip,
    mac,
    type: isSwitch(device) ? 'switch' : type,
    netsetup: netsetupOf(device, notes.hasNat),
    virtual: device.machine !== undefined,
    bootsLocal: type === 'node' && bootsLocal,
    model: model ?? null,
    serial: serial ?? null,
    note: noteOf(device, notes),
  };
}

/** An image as callers see it. */
export function viewImage(image: Image, { registry }: ImageUsers): ImageView {
  const { name, digest, models, created, size } = image;
  const inUse = registry.all().some((device) => isNode(device) && device.image === name);
  return { name, digest, models: [...models], inUse, created, size };
}

function netsetupOf(device: Device, hasNat: HasNat): 'LAN' | 'NAT' {
  return hasNat(device) ? 'NAT' : 'LAN';
}

function noteOf({ type, model }: Device, { imageNoteOf }: DeviceNotes): string | null {
  if (type === 'node') return null;
  if (model === undefined) return 'its boot loader has not announced a model';
  const note = imageNoteOf(model);
  return `no image for model ${model} yet${note === undefined ? '' : `: ${note}`}`;
}
