// Connects to TCP ports of an address, and prints those that accept, one a line: to all, or to these and all below 1024.
// node lab/clients/tcp-scan.ts ADDRESS [PORT…]
import { connect } from 'node:net';

const PORT_MAX = 65_535;
const WELL_KNOWN_MAX = 1023;
const AT_ONCE = 200;
const PATIENCE_MS = 10_000;

const [host = '', ...asked] = process.argv.slice(2);
const last = asked.length === 0 ? PORT_MAX : WELL_KNOWN_MAX;
const ports = [...Array.from({ length: last }, (_none, index) => index + 1), ...asked.map(Number)];

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: PATIENCE_MS });
  const finish = (isOpen: boolean) => {
    socket.destroy();
    resolve(isOpen);
  };
  socket.on('connect', () => finish(true)).on('error', () => finish(false));
  socket.on('timeout', () => finish(false));
  return promise;
}

const open: number[] = [];
async function scan(): Promise<void> {
  for (let port = ports.shift(); port !== undefined; port = ports.shift()) {
    if (await accepts(port)) open.push(port);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, scan));
for (const port of open.sort((a, b) => a - b)) console.log(port);
