// The power driver of machines that wake by a packet (AMD's Magic Packet): it can turn on, and no more.
import { createSocket } from 'node:dgram';
import { WaltError } from '../errors.ts';
import { macToBytes } from '../protocol/mac.ts';
import type { PowerDriver, PowerTarget } from './driver.ts';

type Options = {
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  /** of walt-net, dotted IPv4 */
  readonly broadcast: string;
  readonly port?: number;
};

/** The card may be asleep when the first one comes. */
const PACKETS = 3;

/** The driver `wake-on-lan`. */
export function wakeOnLan({ address, broadcast, port = 9 }: Options): PowerDriver {
  return {
    canSwitch: false,
    on: async ({ mac }) => {
      const packet = magicPacket(mac);
      for (let count = 0; count < PACKETS; count += 1) await send(packet);
    },
    off: refuse,
    cycle: refuse,
    status: async () => 'unknown',
  };

  function send(packet: Uint8Array): Promise<void> {
    const socket = createSocket('udp4');
    return new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, address, () => {
        socket.setBroadcast(true);
        socket.send(packet, port, broadcast, (error) => (error ? reject(error) : resolve()));
      });
    }).finally(() => socket.close());
  }
}

/** Six bytes of ones, and the MAC sixteen times. */
function magicPacket(mac: string): Uint8Array {
  const bytes = macToBytes(mac);
  return Uint8Array.from([
    ...Array(6).fill(0xff),
    ...Array(16)
      .fill([...bytes])
      .flat(),
  ]);
}

async function refuse({ name }: PowerTarget): Promise<never> {
  throw new WaltError(
    `wake-on-lan can turn ${name} on, and no more; walt node reboot ${name} asks its system`,
  );
}
