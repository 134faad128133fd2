// Attacks on the DHCP server: packets of made-up clients. The node is the client with MAC `NODE`.
import type { ExecutionContext } from 'ava';
import { startDhcpServer } from '../../../agent/net/dhcp/server.ts';
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import type { DhcpHandler } from '../../../agent/protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { UdpClient } from '../../../lab/clients/udp-client.ts';
import { type Attack, until } from './attack.ts';

const NODE = '52:54:00:00:00:01';
const limits = { clients: 8, delayed: 3 };
const discover: DhcpPacket = {
  ...{ op: 1, htype: 1, hlen: 6, hops: 0, xid: 1, secs: 0, flags: 0 },
  ...{ ciaddr: '0.0.0.0', yiaddr: '0.0.0.0', siaddr: '0.0.0.0', giaddr: '0.0.0.0' },
  ...{ chaddr: NODE, sname: '', file: '', options: { messageType: 'discover' } },
};
const stranger = (index: number) => `02:00:00:00:00:${(16 + index).toString(16)}`;

async function serve(t: ExecutionContext, handler: DhcpHandler) {
  const met: string[] = [];
  const server = await startDhcpServer(
    { address: '127.0.0.1', port: 0 },
    handler,
    (report) => {
      if (report.kind === 'dropped' && report.limit !== undefined) {
        met.push(`${report.limit.name} ${report.limit.client}`);
      }
    },
    { isKnown: (mac) => mac === NODE, limits },
  );
  const client = await UdpClient.open();
  t.teardown(async () => {
    client.close();
    await server.close();
  });
  const send = (chaddr: string, xid = 1) =>
    client.send(encodeDhcp({ ...discover, chaddr, xid }), server.port);
  return { client, met, send };
}

/** Answers the node, and nobody else ever. */
const nodesOnly: DhcpHandler = async (packet, from) => {
  if (packet.chaddr !== NODE) await new Promise(() => undefined);
  return [{ packet: { ...packet, op: 2 }, ...from }];
};

const waiting: Attack = async (t) => {
  const { client, met, send } = await serve(t, nodesOnly);
  for (let xid = 1; xid <= 20; xid += 1) send(stranger(0), xid);
  await until(() => met.length === 16);
  send(NODE);
  t.truthy(await client.receive());
  return met;
};

const clients: Attack = async (t) => {
  const { client, met, send } = await serve(t, nodesOnly);
  for (let index = 0; index < 20; index += 1) send(stranger(index));
  await until(() => met.length === 14);
  send(NODE);
  t.truthy(await client.receive());
  return met;
};

const delayed: Attack = async (t) => {
  const { client, met, send } = await serve(t, async (packet, from) => {
    const reply = { packet: { ...packet, op: 2 } as const, ...from };
    return [packet.chaddr === NODE ? reply : { ...reply, delayMs: 600_000 }];
  });
  for (let index = 0; index < 5; index += 1) send(stranger(index));
  await until(() => met.length === 2);
  send(NODE);
  t.truthy(await client.receive());
  return met;
};

/** By the row that each of them meets. */
export const dhcpAttacks = {
  'dhcp-waiting': waiting,
  'dhcp-clients': clients,
  'dhcp-delayed': delayed,
} as const satisfies Readonly<Record<string, Attack>>;
