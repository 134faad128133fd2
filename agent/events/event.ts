// Everything that can be said to have happened. Handlers return events; the journal alone records them.
import type { BootSignal } from '../boot/progress.ts';
import type { Device, Node } from '../devices/device.ts';

export type ServerEvent =
  | { readonly kind: 'new-device'; readonly device: Device }
  | { readonly kind: 'new-node'; readonly node: Node; readonly wasUnknown: boolean }
  | { readonly kind: 'new-root'; readonly node: Node }
  | {
      readonly kind: 'renamed';
      readonly from: string;
      readonly to: string;
      readonly isAutomatic: boolean;
    }
  | { readonly kind: 'no-image'; readonly device: Device; readonly model: string }
  | { readonly kind: 'signal'; readonly mac: string; readonly signal: BootSignal }
  | {
      readonly kind: 'refused-file';
      readonly from: string;
      readonly path: string;
      readonly reason: string;
    }
  | { readonly kind: 'address-declined'; readonly mac: string; readonly ip: string }
  /** `others`: packets that got no answer for this reason since the last such event */
  | { readonly kind: 'no-address-left'; readonly mac: string; readonly others: number }
  /** its address was needed, and its lease was over */
  | { readonly kind: 'forgotten'; readonly device: Device }
  | { readonly kind: 'address-conflict'; readonly ip: string; readonly mac: string }
  /** a machine answers ARP for addresses that it does not have: for `count` of them within a minute */
  | { readonly kind: 'false-answers'; readonly mac: string; readonly count: number }
  | { readonly kind: 'other-dhcp-server'; readonly address: string; readonly mac?: string }
  /** machines see the server's address under another MAC from now on */
  | { readonly kind: 'new-mac'; readonly address: string; readonly mac: string }
  /** a machine that boots by GRUB cannot start its image, or may not be able to */
  | { readonly kind: 'start-trouble'; readonly name: string; readonly text: string }
  /** what an image will not do on some machines */
  | { readonly kind: 'image-warning'; readonly image: string; readonly text: string }
  | { readonly kind: 'image-ready'; readonly image: string; readonly models: readonly string[] }
  /** an image is being fetched for machines that wait */
  | { readonly kind: 'image-step'; readonly image: string; readonly step: string }
  | {
      readonly kind: 'image-failed';
      readonly image: string;
      readonly reason: string;
      /** until it is tried again */
      readonly seconds: number;
    }
  | { readonly kind: 'problem'; readonly source: string; readonly message: string }
  | {
      readonly kind: 'ignored';
      readonly source: string;
      readonly from: string;
      readonly reason: string;
    };
