// A device as the server knows it. A node is a device whose boot loader announced a model that has an image.
import type { DeviceType } from '../boot/names.ts';

/** What is known of a machine with one MAC. */
export type Device = {
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac: string;
  /** dotted IPv4, for good */
  readonly ip: string;
  readonly name: string;
  readonly type: DeviceType;
  /** announced by its boot loader; an unknown device with a model waits for an image */
  readonly model?: string;
  /** name of the image it boots */
  readonly image?: string;
  /** key of the folder of that image when the node last started to boot: it runs from there until it boots again */
  readonly root?: string;
  /** microseconds since 1970 */
  readonly firstSeen: number;
  /** end of its lease, microseconds since 1970; says nothing of a node, which has its address for good */
  readonly leaseUntil?: number;
  /** microseconds since 1970; it gave its address back and has not asked for one since */
  readonly releasedAt?: number;
  /** of its board, where its firmware told it: eight hexadecimal digits of a Raspberry Pi */
  readonly serial?: string;
  /** the name that it told of itself and was given when it was new; people may have given it another since */
  readonly hostName?: string;
  /** microseconds since 1970, when it first got a file whole; absent of a device that never got past DHCP */
  readonly firstFile?: number;
  /** what people have set of it, by key; a key that has its default is not there */
  readonly settings?: Readonly<Record<string, string>>;
  /** of a virtual machine of this server, and of no other device */
  readonly machine?: Machine;
  /** it starts from its own disk, until told otherwise; its image stays */
  readonly bootsLocal?: true;
  /** a machine that the server boots for itself, for a moment: in no list, and never on disk */
  readonly isTrial?: true;
};

/** What is known of a virtual machine besides its settings. */
export type Machine = {
  /** somebody turned it off, or its own system did: it stays off until it is turned on */
  readonly isOff: boolean;
};

/** A device that has an image to boot. */
export type Node = Device & {
  readonly type: 'node';
  readonly model: string;
  readonly image: string;
  readonly root: string;
};

/** Whether a device is a node; none is not. */
export function isNode(device: Device | undefined): device is Node {
  return device?.type === 'node' && device.image !== undefined && device.root !== undefined;
}

/**
 * The device after an ACK. A node needs no end of a lease, so that its renewals cost no write.
 * @param leaseUntil microseconds since 1970
 */
export function withLease(device: Device, leaseUntil: number): Device {
  const isKnown = device.type === 'node' || device.leaseUntil === leaseUntil;
  if (device.releasedAt === undefined) return isKnown ? device : { ...device, leaseUntil };
  const { releasedAt: _given, ...kept } = device;
  return device.type === 'node' ? kept : { ...kept, leaseUntil };
}

/** What a node loads when it boots: its model, and the key of the folder of its image; nothing of another device. */
export function contentOf(device: Device | undefined): {
  readonly model?: string;
  readonly image?: string;
} {
  return isNode(device) ? { model: device.model, image: device.root } : {};
}
