/** Damaged packets to a DHCP socket that listens; a correct client asks meanwhile and gets its answer. */
import { setImmediate as turn } from 'node:timers/promises';
import { startDhcpServer } from '../../../agent/net/dhcp/server.ts';
import { decodeDhcp } from '../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import { dhcpRequest } from '../../../lab/clients/dhcp-packets.ts';
import { UdpClient } from '../../../lab/clients/udp-client.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { dhcpSamples } from '../../support/bytes/boot-packets.ts';
import { mutate } from '../../support/bytes/mutate.ts';
import type { FuzzTarget } from '../target.ts';

const loopback = '127.0.0.1';
const burst = 16;
const goodMac = '02:00:00:00:00:01';

export const fuzzLiveDhcp: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const packets = await dhcpSamples();
  const client = await UdpClient.open();
  const counts = { dropped: 0, failed: 0 };
  const server = await startDhcpServer(
    { address: loopback, port: 0 },
    async (packet) => {
      if (packet.chaddr !== goodMac) return [];
      const offer = { ...packet, op: 2 as const, yiaddr: '192.0.2.7' };
      return [{ packet: offer, address: loopback, port: client.port }];
    },
    ({ kind }) => {
      counts[kind] += 1;
    },
  );
  const request = encodeDhcp(dhcpRequest({}, { chaddr: goodMac }));
  let answered = 0;
  const ask = async () => {
    client.send(request, server.port);
    const { yiaddr } = decodeDhcp((await client.receive()).bytes);
    if (yiaddr !== '192.0.2.7') throw new Error(`The correct client was answered ${yiaddr}`);
    answered += 1;
  };
  for (let sent = 0; sent < rounds; sent++) {
    const packet = packets[Math.floor(random() * packets.length)] ?? request;
    client.send(mutate(packet, random), server.port);
    if (sent % burst === 0) await turn();
    if (sent % (64 * burst) === 0) {
      await ask();
      alive(sent);
    }
  }
  await ask();
  client.close();
  await server.close();
  return { packets: rounds, ...counts, answeredMeanwhile: answered };
};
