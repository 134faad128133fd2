/**
 * The DHCP part of the server as a program, for a test to run in a namespace: real sockets, handlers and records.
 * Arguments: interface, database file, length of a lease in seconds, `server` or `proxy`, address of the server with
 * the prefix of its network. It prints each packet with its answer, and the log lines of the server.
 */

import { spawnSync } from 'node:child_process';
import type { ServerEvent } from '../../../agent/events/event.ts';
import { Metrics } from '../../../agent/metrics/metrics.ts';
import { inheritedSockets, withSockets } from '../../../agent/net/bound-sockets.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';
import { startDhcp } from '../../../agent/start/dhcp/dhcp.ts';
import { openRecords } from '../records.ts';
import { datagramBatches } from '../servers/datagram-way.ts';

const [
  networkInterface = '',
  database = ':memory:',
  leaseSeconds = '600',
  mode = 'server',
  cidr = '192.168.152.1/24',
] = process.argv.slice(2);
const { dhcp: fd } = inheritedSockets(process.env);
if (fd === undefined) {
  const argv = [process.execPath, ...process.argv.slice(1)];
  const places = { interface: networkInterface, address: '', ports: {} };
  const { file, args, env } = withSockets(places, argv, { env: process.env, given: {} });
  process.execve?.(file, args, env);
}

const subnet = parseCidr(cidr);
const { address, netmask, broadcast } = subnet;
const records = await openRecords(database, { 'pc-x86-64': 'pc-x86-64-default' });
const { printed } = records;
const publish = (events: readonly ServerEvent[]) => {
  records.publish(events);
  for (const line of printed.splice(0)) console.log(line);
};
await startDhcp(
  {
    network: { interface: networkInterface },
    dhcp: {
      mode: mode === 'proxy' ? 'proxy' : 'server',
      probe: true,
      answerIpv6: true,
      leaseSeconds: Number(leaseSeconds),
    },
  },
  {
    ...records,
    metrics: new Metrics(),
    listen: { fd: fd ?? -1 },
    batches: await datagramBatches(),
    network: {
      ...{ subnet, address, netmask, broadcast },
      domain: 'walt',
      leaseSeconds: Number(leaseSeconds),
    },
    publish,
    publishSoon: (make) => publish(make()),
    hasNat: () => false,
    problem: (source) => (reason) => console.log(source, reason),
    onLimit: (limit, from) => console.log(`limit ${limit} ${from}`),
    ear: { fromMac: () => undefined },
    trace: (line) => console.log(line),
  },
  new AsyncDisposableStack(),
);
const inherited = spawnSync('readlink', [`/proc/self/fd/${fd}`]).stdout.includes('socket:');
console.log(`inherited by a child: ${inherited ? 'yes' : 'no'}`);
console.log(`listening pid=${process.pid}`);
