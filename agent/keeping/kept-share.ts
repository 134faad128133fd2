// Whether a node keeps files on the server, and whose they are. Pure.
import { type Device, isNode } from '../devices/device.ts';
import { ownerOf } from '../images/content/image.ts';
import { settingValue } from '../settings/settings-of.ts';

/** One node's files of one owner: whoever has the node next does not see them. */
export type KeptShare = { readonly owner: string; readonly mac: string };

/** The share that a node has with the image it boots, if its setting `mount.persist` says so. */
export function keptShareOf(device: Device | undefined): KeptShare | undefined {
  if (!isNode(device) || !settingValue(device, 'mount.persist')) return undefined;
  return { owner: ownerOf(device.image), mac: device.mac };
}
