// What each kind of boot firmware needs in a DHCP reply besides its address, one row a kind.
import type { DhcpOptions } from '../protocol/dhcp/options.ts';
import type { DhcpPacket } from '../protocol/dhcp/packet.ts';
import { piFirmwareOf } from './raspberry-pi/firmware.ts';
import { raspberryPiBoot } from './raspberry-pi/menu.ts';

type FirmwareRow = {
  readonly name: string;
  readonly matches: (request: DhcpPacket) => boolean;
  /** what a reply to it carries, whoever gives out the addresses */
  readonly answers: (options: DhcpOptions) => DhcpOptions;
};

/** Encapsulated options of iPXE: number 176, one byte, 1: do not wait for a proxy DHCP server. */
const NO_PROXY = Uint8Array.of(176, 1, 1);

export const firmwareTable: readonly FirmwareRow[] = [
  {
    // UEFI 2.10 §24.7.3: the firmware takes no answer without this class for one to its HTTP boot.
    name: 'UEFI HTTP boot',
    matches: ({ options }) => options.vendorClass?.startsWith('HTTPClient') === true,
    answers: () => ({ vendorClass: 'HTTPClient' }),
  },
  {
    // PXE 2.1 §2.2: servers give back the identifier that the client sent (RFC 4578 §2.3).
    name: 'PXE',
    matches: ({ options: { clientUuid, vendorClass } }) =>
      clientUuid !== undefined && vendorClass?.startsWith('PXEClient') === true,
    answers: ({ clientUuid }) => (clientUuid === undefined ? {} : { clientUuid }),
  },
  {
    // Takes no server without this menu for one to boot from, whatever else it says.
    name: 'Raspberry Pi',
    matches: (request) => piFirmwareOf(request) !== undefined,
    answers: () => ({ vendorClass: 'PXEClient', vendorSpecific: raspberryPiBoot }),
  },
];

/** Options for the firmware that sent `request`; none for an operating system. */
export function firmwareOptions(request: DhcpPacket): DhcpOptions {
  const rows = firmwareTable.filter(({ matches }) => matches(request));
  return Object.assign({}, ...rows.map(({ answers }) => answers(request.options)));
}

/** What tells iPXE, which alone sends option 175, that no other server has more to say: it saves 2 s a boot. */
export function completeAnswer({ options }: DhcpPacket): DhcpOptions {
  return options.ipxe === undefined ? {} : { ipxe: NO_PROXY };
}
