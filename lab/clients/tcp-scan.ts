// Connects to all TCP ports of an address, and prints those that accept, one a line.
// node lab/clients/tcp-scan.ts ADDRESS
import { connect } from 'node:net';

const PORT_MAX = 65_535;
const AT_ONCE = 200;
const PATIENCE_MS = 10_000;

const [host = ''] = process.argv.slice(2);

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
let next = 1;
async function scan(): Promise<void> {
  while (next <= PORT_MAX) {
    const port = next;
    next += 1;
    if (await accepts(port)) open.push(port);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, scan));
for (const port of open.sort((a, b) => a - b)) console.log(port);
