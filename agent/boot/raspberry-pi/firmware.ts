// Boot loaders of Raspberry Pis, told from what they ask for: they say "BIOS PC" (architecture 0), and their MAC
// prefixes are those of many cards, of new ones every few years.
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';

/** The boot loader of a Raspberry Pi, as its DHCP message shows it. */
export type PiFirmware = {
  /** in the chip (2B 1.2, 3B, 3B+; bootcode.bin on a card does the same), or in the EEPROM (4B and later) */
  readonly kind: 'rom' | 'eeprom';
  /** eight hexadecimal digits, as in the folder that it asks for files in */
  readonly serial?: string;
};

const CLASS = 'PXEClient:Arch:00000:UNDI:002001';

/**
 * All that they ask for in option 55, and what they never leave out. PC firmware asks for time, name servers and root path
 * too (RFC 4578 §2, PXE 2.1 table 2-1). Captures: raspberrypi/firmware issue 871 (ROM), rpi-eeprom issue 58 (EEPROM).
 */
const ASKED = new Set([1, 3, 43, 60, 66, 67, 128, 129, 130, 131, 132, 133, 134, 135]);
const ALWAYS_ASKED = [43, 60, 66, 67, 128, 135];

/** Which boot loader of a Raspberry Pi sent `packet`; undefined for anything else. */
export function piFirmwareOf({ options }: DhcpPacket): PiFirmware | undefined {
  const { vendorClass, userClass, ipxe, parameterRequestList, clientUuid } = options;
  if (vendorClass !== CLASS || userClass !== undefined || ipxe !== undefined) return undefined;
  const named = identityOf(clientUuid);
  // A REQUEST has no list: then only the identifier tells (rpi-eeprom issue 82).
  const kind = parameterRequestList === undefined ? named?.kind : kindOf(parameterRequestList);
  if (kind === undefined) return undefined;
  return named?.serial === undefined ? { kind } : { kind, serial: named.serial };
}

/** The ROM asks for option 43 first, the EEPROM for the netmask. */
function kindOf(list: readonly number[]): PiFirmware['kind'] | undefined {
  if (!list.every((code) => ASKED.has(code))) return undefined;
  if (!ALWAYS_ASKED.every((code) => list.includes(code))) return undefined;
  return list[0] === 43 ? 'rom' : 'eeprom';
}

/**
 * What option 97 says, little-endian. By default of EEPROMs since 2020 (raspberrypi/documentation, DHCP_OPTION97):
 *
 *     | 0 | "RPi4" 4 | board revision 4 | end of the MAC 4 | serial number 4 |
 *
 * of ROMs and older EEPROMs: 0, then the serial number four times.
 */
function identityOf(uuid: Uint8Array | undefined): PiFirmware | undefined {
  if (uuid?.length !== 17 || uuid[0] !== 0) return undefined;
  const words = [1, 5, 9, 13].map((at) => wordAt(uuid, at));
  const [first, , , last = NO_SERIAL] = words;
  if (isPiCode(uuid)) return { kind: 'eeprom', serial: last };
  if (words.some((word) => word !== first)) return undefined;
  if (last === NO_SERIAL) return { kind: 'rom' };
  return EMPTY.has(last) ? undefined : { kind: 'eeprom', serial: last };
}

/** What a ROM that cannot read its number sends (raspberrypi/firmware issue 764). */
const NO_SERIAL = '44444444';
/** PCs without an identifier of their own send one of these. */
const EMPTY = new Set(['00000000', 'ffffffff']);

function isPiCode(uuid: Uint8Array): boolean {
  return /^RPi\d$/.test(String.fromCharCode(...uuid.subarray(1, 5)));
}

function wordAt(bytes: Uint8Array, at: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(at, true).toString(16).padStart(8, '0');
}
