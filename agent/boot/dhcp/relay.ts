// Which network a relayed DHCP message comes from: relay agents say it in two ways.
import { DecodeError } from '../../protocol/bytes.ts';
import { readOptionField } from '../../protocol/dhcp/framing.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { numberToIp } from '../../protocol/ip.ts';

const NONE = '0.0.0.0';
/** RFC 3527 §3: an address of the network where the client is, in the relay agent's option. */
const LINK_SELECTION = 5;

/** An address of the client's network, as the relay agent tells it; undefined where there is no relay. */
export function linkOf({ giaddr, options }: DhcpPacket): string | undefined {
  if (giaddr === NONE) return undefined;
  return linkSelection(options.relayAgent) ?? giaddr;
}

/** The relay agent's option is opaque to us but for this; where it cannot be read, `giaddr` counts. */
function linkSelection(relayAgent: Uint8Array | undefined): string | undefined {
  if (relayAgent === undefined) return undefined;
  const bytes = subOptions(relayAgent).find(({ code }) => code === LINK_SELECTION)?.bytes;
  if (bytes?.length !== 4) return undefined;
  return numberToIp(new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0));
}

function subOptions(relayAgent: Uint8Array) {
  try {
    return readOptionField(relayAgent, 'relay agent sub-option');
  } catch (thrown) {
    if (thrown instanceof DecodeError) return [];
    throw thrown;
  }
}
