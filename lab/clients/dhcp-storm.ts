// New DHCP clients without end, for a test to run in a namespace: prints `ack MAC IP` for each address granted.
// Arguments: number of the first client, number of clients at once, seconds until it ends by itself.
import dgram from 'node:dgram';
import { decodeDhcp } from '../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../agent/protocol/dhcp/encode.ts';
import { numberToIp } from '../../agent/protocol/ip.ts';
import { dhcpRequest, rawUserClass } from './dhcp-packets.ts';

const [first = 0, atOnce = 1, seconds = 10] = process.argv.slice(2).map(Number);
const socket = dgram.createSocket('udp4');
let next = first;

const macOf = (client: number) =>
  `52:54:00:${hex(client >> 16)}:${hex(client >> 8)}:${hex(client)}`;
const clientOf = (mac: string) => Number.parseInt(mac.slice(9).replaceAll(':', ''), 16);

socket.on('message', (bytes) => {
  const packet = decodeDhcp(bytes);
  const { messageType, serverIdentifier } = packet.options;
  if (serverIdentifier === undefined) return;
  if (messageType === 'offer') {
    const requestedAddress = packet.yiaddr;
    send(clientOf(packet.chaddr), { messageType: 'request', serverIdentifier, requestedAddress });
    return;
  }
  if (messageType !== 'ack') return;
  console.log(`ack ${packet.chaddr} ${packet.yiaddr}`);
  discover();
});
socket.bind(68, () => {
  socket.setBroadcast(true);
  for (let count = 0; count < atOnce; count += 1) discover();
});
setTimeout(() => process.exit(0), seconds * 1000);

/** The next client; the server may be away, so it asks again, a few times. */
function discover(): void {
  const client = next;
  next += 1;
  for (let wait = 0; wait < seconds * 1000; wait += 2000) {
    setTimeout(() => send(client, { messageType: 'discover' }), wait);
  }
}

function send(client: number, options: Parameters<typeof dhcpRequest>[0]): void {
  const chaddr = macOf(client);
  const packet = dhcpRequest(
    { ...rawUserClass('walt.node.pc-x86-64'), ...options },
    { chaddr, xid: client, flags: 0x8000, ciaddr: numberToIp(0) },
  );
  socket.send(encodeDhcp(packet), 67, '255.255.255.255');
}

function hex(value: number): string {
  return (value & 0xff).toString(16).padStart(2, '0');
}
