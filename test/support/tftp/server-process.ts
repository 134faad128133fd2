// A TFTP server in a process of its own, as tests start it in a namespace: address, folder, interface. Prints what it reports, one JSON a line.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openClientFrames } from '../../../agent/net/ffi/frames/client-frames.ts';
import { startTftpServer } from '../../../agent/net/tftp/server.ts';
import { datagramBatches } from '../servers/datagram-way.ts';

const [address = '', folder = '', cable = ''] = process.argv.slice(2);
const batches = await datagramBatches();
const frames = batches && openClientFrames(batches.calls, cable);
await startTftpServer(
  { address, port: 69, batches, frames },
  async ({ filename }) => ({ kind: 'bytes', bytes: await readFile(join(folder, filename)) }),
  (report) => console.log(JSON.stringify(report)),
);
console.log(`listening, ${frames === undefined ? 'without' : 'with'} frames`);
