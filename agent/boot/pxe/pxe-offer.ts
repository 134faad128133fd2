// What firmware that boots over the network is offered as its first program: one table, by what it says of itself.
import type { DhcpOptions } from '../../protocol/dhcp/options.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { piFirmwareOf } from '../raspberry-pi/firmware.ts';

/** Where the programs of the PXE tree are: over TFTP by their names, over HTTP below `url`. */
export type PxeTree = {
  /** such as `http://192.168.152.1/pxe` */
  readonly url: string;
};

export type PxeOffer = {
  readonly name: string;
  /** option 60 starts so */
  readonly vendorClass?: 'PXEClient' | 'HTTPClient';
  /** processor architecture type, option 93: one of these */
  readonly architectures?: readonly number[];
  /** option 77 has this item */
  readonly userClass?: string;
  /** name in the PXE tree */
  readonly file: string;
  /** HTTP firmware is given a URL, the others a name for TFTP */
  readonly via: 'tftp' | 'http';
};

/**
 * The first row that fits counts. Architectures: RFC 4578 §2.1 and IANA's "Processor Architecture Types" (RFC 5970 §3.3);
 * firmware of x64 machines says 7 or 9, since the numbers were once published the other way round (RFC 4578 errata 4625).
 * 15 to 19 with class HTTPClient: UEFI 2.10 §24.7.3.
 * The firmware starts Secure Boot from what is signed: shim (x64, arm64); for ia32 no signed GRUB has a network.
 */
export const pxeOffers: readonly PxeOffer[] = [
  // It runs our script by itself: the tree has no iPXE of ours for such machines.
  {
    ...{ name: 'iPXE of others, arm64', userClass: 'iPXE', architectures: [11] },
    ...{ file: 'autoexec.ipxe', via: 'tftp' },
  },
  { name: 'iPXE of others', userClass: 'iPXE', file: 'pc.ipxe', via: 'tftp' },
  {
    ...{ name: 'BIOS', vendorClass: 'PXEClient', architectures: [0] },
    ...{ file: 'undionly.kpxe', via: 'tftp' },
  },
  {
    ...{ name: 'UEFI ia32', vendorClass: 'PXEClient', architectures: [6] },
    ...{ file: 'bootia32.efi', via: 'tftp' },
  },
  {
    ...{ name: 'UEFI x64', vendorClass: 'PXEClient', architectures: [7, 9] },
    ...{ file: 'shimx64.efi', via: 'tftp' },
  },
  {
    ...{ name: 'UEFI arm64', vendorClass: 'PXEClient', architectures: [11] },
    ...{ file: 'shimaa64.efi', via: 'tftp' },
  },
  {
    ...{ name: 'UEFI HTTP boot, ia32', vendorClass: 'HTTPClient', architectures: [15] },
    ...{ file: 'bootia32.efi', via: 'http' },
  },
  {
    ...{ name: 'UEFI HTTP boot, x64', vendorClass: 'HTTPClient', architectures: [16] },
    ...{ file: 'shimx64.efi', via: 'http' },
  },
  {
    ...{ name: 'UEFI HTTP boot, arm64', vendorClass: 'HTTPClient', architectures: [19] },
    ...{ file: 'shimaa64.efi', via: 'http' },
  },
];

const OUR_LOADER = /^walt\.node\./;

/**
 * The row for who sent `request`; undefined for an operating system, our own boot loader, firmware that no row fits, and
 * Raspberry Pis, which say that they are BIOS PCs and ask for `bootcode.bin` whatever they are told.
 */
export function pxeOfferFor(
  request: DhcpPacket,
  table: readonly PxeOffer[] = pxeOffers,
): PxeOffer | undefined {
  const { options } = request;
  if (piFirmwareOf(request) !== undefined) return undefined;
  const classes = options.userClass?.values ?? [];
  if ([...classes, options.vendorClass ?? ''].some((text) => OUR_LOADER.test(text)))
    return undefined;
  return table.find((row) => fits(row, options));
}

/** The boot file as the reply says it: a name, or for HTTP firmware a URL; none where there is no tree. */
export function bootFileFor(request: DhcpPacket, tree: PxeTree | undefined): string | undefined {
  if (tree === undefined) return undefined;
  const offer = pxeOfferFor(request);
  if (offer === undefined) return undefined;
  return offer.via === 'http' ? `${tree.url}/${offer.file}` : offer.file;
}

function fits(row: PxeOffer, options: DhcpOptions): boolean {
  const { vendorClass = '', userClass } = options;
  if (row.vendorClass !== undefined && !vendorClass.startsWith(row.vendorClass)) return false;
  if (row.userClass !== undefined && !userClass?.values.includes(row.userClass)) return false;
  if (row.architectures === undefined) return true;
  return architecturesOf(options).some((architecture) => row.architectures?.includes(architecture));
}

/** Option 93; firmware that lacks it says the same in its class, as `PXEClient:Arch:00007:UNDI:003016` (PXE 2.1 §2.2.3). */
function architecturesOf({ clientArchitecture, vendorClass }: DhcpOptions): readonly number[] {
  if (clientArchitecture !== undefined) return clientArchitecture;
  const inClass = /^\w+:Arch:(\d{5})/.exec(vendorClass ?? '')?.[1];
  return inClass === undefined ? [] : [Number(inClass)];
}
