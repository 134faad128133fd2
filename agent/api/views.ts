// From the server's own records to what travels.

import { type Device, isNode, type Node } from '../devices/device.ts';
import { type Image, ownerOf } from '../images/content/image.ts';
import type { Platform } from './platform.ts';
import type { DeviceView, ImageView, NodeView } from './types.ts';

/** QEMU and KVM give their cards this prefix. */
const VIRTUAL_PREFIX = '52:54:00:';

export function viewNode(node: Node, { boots }: Platform): NodeView {
  const { name, model, image, ip, mac } = node;
  const { state, since } = boots.statusOf(mac);
  return {
    name,
    type: isVirtual(mac) ? 'virtual' : 'physical',
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

export function viewDevice(device: Device, platform: Platform): DeviceView {
  const { name, ip, mac, type, model, serial } = device;
  return {
    name,
    ip,
    mac,
    type,
    virtual: isVirtual(mac),
    model: model ?? null,
    serial: serial ?? null,
    note: noteOf(device, platform),
  };
}

export function viewImage(image: Image, { registry }: Platform): ImageView {
  const { name, digest, models, created, size } = image;
  const inUse = registry.all().some((device) => isNode(device) && device.image === name);
  return { name, digest, models: [...models], inUse, created, size };
}

function isVirtual(mac: string): boolean {
  return mac.startsWith(VIRTUAL_PREFIX);
}

function noteOf({ type, model }: Device, { imageNoteOf }: Platform): string | null {
  if (type === 'node') return null;
  if (model === undefined) return 'its boot loader has not announced a model';
  const note = imageNoteOf(model);
  return `no image for model ${model} yet${note === undefined ? '' : `: ${note}`}`;
}
