// From the server's own records to what travels.
import type { BootBook } from '../../boots/boot-book.ts';
import { type Device, isNode, type Node } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { type Image, ownerOf } from '../../images/content/image.ts';
import type { DeviceView } from '../calls/devices.ts';
import type { ImageView } from '../calls/image-line.ts';
import type { NodeView } from '../calls/nodes.ts';

/** Who may use an image. */
export type ImageUsers = { readonly registry: Pick<Registry, 'all'> };

/** What is known of images that are not here yet. */
export type ImageNotes = {
  /** what is happening about the default image of a model, in words */
  readonly imageNoteOf: (model: string) => string | undefined;
};

/** QEMU and KVM give their cards this prefix, unless they are told otherwise. */
const QEMU_PREFIX = '52:54:00:';

/** A node as callers see it. */
export function viewNode(
  node: Node,
  { boots }: { readonly boots: Pick<BootBook, 'statusOf'> },
): NodeView {
  const { name, model, image, ip, mac } = node;
  const { state, since } = boots.statusOf(mac);
  return {
    name,
    type: hasQemuMac(mac) ? 'virtual' : 'physical',
    model,
    image,
    owner: ownerOf(image),
    ip,
    mac,
    booted: state === 'booted',
    state,
    since: since ?? null,
  };
}

/** A device as callers see it. */
export function viewDevice(device: Device, notes: ImageNotes): DeviceView {
  const { name, ip, mac, type, model, serial } = device;
  return {
    name,
    ip,
    mac,
    type,
    virtual: hasQemuMac(mac),
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

/**
 * Whether a machine looks like a virtual one. A guess: nothing tells the server what a machine is, until it has virtual
 * nodes of its own. Other hypervisors have other prefixes, and any machine may be given this one.
 */
function hasQemuMac(mac: string): boolean {
  return mac.startsWith(QEMU_PREFIX);
}

function noteOf({ type, model }: Device, { imageNoteOf }: ImageNotes): string | null {
  if (type === 'node') return null;
  if (model === undefined) return 'its boot loader has not announced a model';
  const note = imageNoteOf(model);
  return `no image for model ${model} yet${note === undefined ? '' : `: ${note}`}`;
}
