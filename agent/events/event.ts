// Everything that can be said to have happened. Handlers return events; the publisher gives them to the reactions.
import type { BootSignal, BootState } from '../boot/progress.ts';
import type { Device, Node } from '../devices/device.ts';
import type { DiskState } from '../host/folders/disk.ts';
import type { SettingKey } from '../settings/table.ts';

/** A user of the `walt` command, by the name under which images belong to them. */
export type Person = string;

/** What happened, each kind with its facts. */
export type ServerEvent =
  | DeviceEvent
  | BootEvent
  | PersonEvent
  | MachineEvent
  | AddressEvent
  | FileEvent
  | ImageEvent
  | TroubleEvent;

/** The events of some kinds. */
export type EventOf<Kind extends ServerEvent['kind']> = Extract<ServerEvent, { kind: Kind }>;

/** What is known of a device has changed. */
export type DeviceEvent =
  /** it is on disk; `before` is missing of a new device, `after` of one that was forgotten */
  | {
      readonly kind: 'device-changed';
      readonly before: Device | undefined;
      readonly after: Device | undefined;
    }
  | { readonly kind: 'new-device'; readonly device: Device }
  | { readonly kind: 'new-node'; readonly node: Node; readonly wasUnknown: boolean }
  | {
      readonly kind: 'renamed';
      readonly from: string;
      readonly to: string;
      /** who did it; the server itself where it is missing */
      readonly by?: Person;
    }
  | { readonly kind: 'no-image'; readonly device: Device; readonly model: string }
  /** a device was seen behind a port of a switch, and not there before; all by their names */
  | {
      readonly kind: 'placed';
      readonly device: string;
      readonly switch: string;
      readonly port: string;
    }
  /** `by`: who said so; without it its address was needed, and its lease was over */
  /** a device says by LLDP that it is a switch, and counts as one from now on; `by`: the switch that heard it */
  | { readonly kind: 'switch-recognised'; readonly device: string; readonly by: string }
  | { readonly kind: 'forgotten'; readonly device: Device; readonly by?: Person }
  /** they never got past DHCP: others need their addresses, or it is a month ago */
  | {
      readonly kind: 'passers-by-forgotten';
      readonly devices: readonly Device[];
      readonly why: 'addresses' | 'age';
    };

/** How far boots come. */
export type BootEvent =
  /** the server saw something of a boot */
  | { readonly kind: 'signal'; readonly mac: string; readonly signal: BootSignal }
  /** what that meant */
  | {
      readonly kind: 'boot';
      readonly mac: string;
      readonly name: string;
      /** number of the boot */
      readonly boot: number;
      readonly signal: BootSignal;
      readonly before?: BootState;
      readonly state: BootState;
      /** where a boot begins: how often the machine has begun to boot since it was last up, this boot included */
      readonly attempt?: number;
      /** why the boot before is over, where the node did not say that it went down */
      readonly endedBefore?: string;
    }

  /** a node begins to boot again and again, and does not come up */
  | { readonly kind: 'boots-fail'; readonly name: string; readonly text: string }

  /** a node that does not come up is helped, or left, or is up again; `text` goes on behind its name */
  | {
      readonly kind: 'healing';
      readonly node: string;
      readonly what: 'step' | 'quarantine' | 'stays-down' | 'healed';
      readonly text: string;
    }
  /** no node is helped, because of the server or of what all of them share; without `reason`: they are again */
  | { readonly kind: 'healing-paused'; readonly reason?: string }
  /** nodes behind a switch that does not answer are not helped; `isOver`: it answers, and they are again */
  | { readonly kind: 'healing-held'; readonly switch: string; readonly isOver: boolean };

/** What people did with nodes. */
export type PersonEvent =
  | {
      readonly kind: 'image-chosen';
      readonly node: string;
      readonly image: string;
      readonly how: 'acquire' | 'release' | 'boot';
      readonly by: Person;
    }
  /** it starts from its own disk, until it is given an image */
  | { readonly kind: 'local-start-chosen'; readonly node: string; readonly by: Person }
  /** settings of a device are others from now on */
  | {
      readonly kind: 'configured';
      readonly device: Device;
      readonly changes: readonly SettingChange[];
      readonly by: Person;
    }
  | { readonly kind: 'machine-made'; readonly node: string; readonly by: Person }
  | { readonly kind: 'machine-removed'; readonly node: string; readonly by: Person }
  /** `isHard`: by its power */
  | {
      readonly kind: 'reboot-asked';
      readonly node: string;
      readonly by: Person;
      readonly isHard: boolean;
    }
  /** a password or the name of a user was wrong, or too many were */
  | {
      readonly kind: 'login-refused';
      /** as they said; undefined where a provider was to say it */
      readonly user: string | undefined;
      readonly from: string;
      readonly reason: string;
    }
  /** somebody called the API for more than a look */
  | {
      readonly kind: 'call-made';
      /** as they said; of a login it may be anybody */
      readonly by: Person;
      readonly role: string;
      /** their address; empty on the unix socket */
      readonly from: string;
      readonly call: string;
      /** names of what it is about, with spaces between them */
      readonly about: string;
      /** `done`, `begun`, or why it was refused */
      readonly outcome: string;
    }
  /** somebody works on running nodes; `what` is the beginning of a sentence that ends with their names */
  | {
      readonly kind: 'entered';
      readonly nodes: readonly string[];
      readonly what: string;
      readonly by: Person;
    }
  | {
      readonly kind: 'power-asked';
      readonly node: string;
      readonly verb: 'on' | 'off' | 'cycle';
      readonly by: Person;
    };

/** A setting as it was written before, or by default, and as it is now. */
export type SettingChange = {
  readonly key: SettingKey;
  readonly from: string;
  readonly to: string;
  /** it may open something: `from` and `to` are empty where it is told */
  readonly isHidden?: boolean;
};

/** A virtual machine of the server. */
export type MachineEvent =
  /** `text` goes on behind `virtual node NAME` */
  { readonly kind: 'machine-said'; readonly node: string; readonly text: string };

/** Addresses of walt-net, and who uses them. */
export type AddressEvent =
  /** another machine speaks as the boot loader of a node that is up */
  | { readonly kind: 'double-boot'; readonly node: Node }
  | { readonly kind: 'address-declined'; readonly mac: string; readonly ip: string }
  /** `others`: packets that got no answer for this reason since the last such event */
  | { readonly kind: 'no-address-left'; readonly mac: string; readonly others: number }
  | { readonly kind: 'address-conflict'; readonly ip: string; readonly mac: string }
  /** a machine answers ARP for addresses that it does not have: for `count` of them within a minute */
  | { readonly kind: 'false-answers'; readonly mac: string; readonly count: number }
  | { readonly kind: 'other-dhcp-server'; readonly address: string; readonly mac?: string }
  /** machines see the server's address under another MAC from now on */
  | { readonly kind: 'new-mac'; readonly address: string; readonly mac: string };

/** Files that machines asked for. */
export type FileEvent =
  | {
      readonly kind: 'refused-file';
      readonly from: string;
      readonly path: string;
      readonly reason: string;
    }
  /** a machine that boots by GRUB cannot start its image, or may not be able to */
  | { readonly kind: 'start-trouble'; readonly name: string; readonly text: string };

/** Images come, or do not. */
export type ImageEvent =
  /** what an image will not do on some machines */
  | { readonly kind: 'image-warning'; readonly image: string; readonly text: string }
  /** what nodes of a model read of an image when they boot is in one pack from now on */
  | {
      readonly kind: 'hot-pack';
      readonly image: string;
      readonly model: string;
      readonly bytes: number;
    }
  | { readonly kind: 'image-ready'; readonly image: string; readonly models: readonly string[] }
  /** an image is being fetched for machines that wait */
  | { readonly kind: 'image-step'; readonly image: string; readonly step: string }
  | {
      readonly kind: 'image-failed';
      readonly image: string;
      readonly reason: string;
      /** until it is tried again */
      readonly seconds: number;
    };

/** Trouble of the server itself, and what it did not take seriously. */
export type TroubleEvent =
  /** somebody set the clock of this machine, forwards or backwards; microseconds */
  | { readonly kind: 'clock-set'; readonly by: number }
  /** the disk that holds `folder` stands otherwise than before; `free` is bytes */
  | {
      readonly kind: 'disk';
      readonly folder: string;
      readonly state: DiskState;
      readonly free: number;
    }
  | { readonly kind: 'problem'; readonly source: string; readonly message: string }
  /** a port was off when the server started, which an earlier run had turned off for a moment; `error`: why it still is */
  | { readonly kind: 'port-mended'; readonly text: string; readonly error: string | null }
  /** a free node was switched off, since nobody had used it for so long; `error`: why it was not */
  | {
      readonly kind: 'power-saved';
      readonly node: string;
      readonly minutes: number;
      readonly error: string | null;
    }
  /** a line that the program wrote which switches the power of a node */
  | {
      readonly kind: 'power-output';
      readonly node: string;
      readonly verb: string;
      readonly line: string;
    }
  /** one of the limits of docs/limits.md; `others`: how often it was met since it was last said */
  | {
      readonly kind: 'limit-reached';
      readonly server: string;
      /** an address, a MAC, or who else asked */
      readonly from: string;
      /** goes on behind `from` */
      readonly sentence: string;
      readonly others: number;
    }
  | {
      readonly kind: 'ignored';
      readonly source: string;
      readonly from: string;
      readonly reason: string;
    };
