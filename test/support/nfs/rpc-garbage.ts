// Damaged RPC calls to each program of an NFS service, by TCP and UDP, as a program to run in a namespace. Prints how many it
// has sent. Arguments: server's address, calls for each socket, seed.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import {
  encodeNullCall,
  MOUNT,
  NFS,
  PORTMAPPER,
} from '../../../agent/nfs/ganesha/asking/null-call.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { mutate } from '../bytes/mutate.ts';

const [server = '', rounds = '0', seed = '0'] = process.argv.slice(2);
const random = randomNumbers(Number(seed));
const MARK = 4;
const PROCEDURE_AT = MARK + 20;
const PROCEDURES = 24;
/** With what follows a call: a handle, a name, a path, a number that is too large. */
const TAILS = [
  '',
  `00000020${'00'.repeat(32)}`,
  '00000003' + '2e2e2f00',
  `0000000a${Buffer.from('/../../etc\0\0').toString('hex')}`,
  `ffffffff${'41'.repeat(64)}`,
  '00000000'.repeat(64),
].map((hex) => Buffer.from(hex, 'hex'));
const SOCKETS = [
  { port: 111, protocol: 'tcp', program: PORTMAPPER },
  { port: 2049, protocol: 'tcp', program: NFS },
  { port: 20048, protocol: 'tcp', program: MOUNT },
  { port: 111, protocol: 'udp', program: PORTMAPPER },
  { port: 20048, protocol: 'udp', program: MOUNT },
] as const;
type Target = (typeof SOCKETS)[number];

function garbage({ program }: Target): Buffer {
  const call = encodeNullCall(Math.floor(random() * 2 ** 32), {
    ...program,
    version: Math.floor(random() * 5),
  });
  call.writeUInt32BE(Math.floor(random() * PROCEDURES), PROCEDURE_AT);
  const tail = TAILS[Math.floor(random() * TAILS.length)] ?? Buffer.alloc(0);
  const whole = Buffer.concat([call, tail]);
  // Half of them have a mark that fits, so that what is behind it is read.
  whole.writeUInt32BE(0x80000000 + whole.length - MARK);
  const body = Buffer.from(mutate(whole.subarray(MARK), random));
  if (random() < 0.25) return Buffer.from(mutate(whole, random));
  return Buffer.concat([lengthMark(body.length), body]);
}

function lengthMark(length: number): Buffer {
  const mark = Buffer.alloc(MARK);
  mark.writeUInt32BE(0x80000000 + length);
  return mark;
}

/** A connection for ten calls; the server may end it at any of them. */
async function sayByTcp(target: Target): Promise<void> {
  const socket = connect({ host: server, port: target.port, timeout: 2000 });
  socket.on('error', () => socket.destroy()).on('timeout', () => socket.destroy());
  socket.resume();
  const closed = once(socket, 'close');
  for (let count = 0; count < 10; count += 1) socket.write(garbage(target));
  socket.end();
  await closed.catch(() => undefined);
}

const udp = dgram.createSocket('udp4').bind();
let sent = 0;
for (const target of SOCKETS) {
  for (let count = 0; count < Number(rounds); count += 10) {
    if (target.protocol === 'tcp') {
      await sayByTcp(target);
    } else {
      for (let each = 0; each < 10; each += 1) {
        udp.send(garbage(target).subarray(MARK), target.port, server);
      }
      await new Promise(setImmediate);
    }
    sent += 10;
  }
}
udp.close();
console.log(sent);
