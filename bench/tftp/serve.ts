/**
 * Our TFTP server alone, for the bench: the files of a folder, as the server finds them in an image. Arguments: address, folder, interface.
 * With WITHOUT_CALLS in the environment each packet has a call of its own, with WITHOUT_FRAMES all are datagrams, to compare. It practises first, as the whole server does some
 * seconds after its start; without that where WITHOUT_PRACTICE is in the environment.
 */
import { resolveInside } from '../../agent/images/content/files/inside.ts';
import { openDatagramBatches } from '../../agent/net/ffi/datagram-batches.ts';
import { openClientFrames } from '../../agent/net/ffi/frames/client-frames.ts';
import { practiseTftp } from '../../agent/net/tftp/practice.ts';
import { startTftpServer } from '../../agent/net/tftp/server.ts';

const [address = '', folder = '', cable = ''] = process.argv.slice(2);
const batches = process.env.WITHOUT_CALLS ? undefined : await openDatagramBatches();
const frames =
  batches === undefined || process.env.WITHOUT_FRAMES
    ? undefined
    : openClientFrames(batches.calls, cable);
if (!process.env.WITHOUT_PRACTICE) {
  await practiseTftp({ batches, afterMs: 0 }, new AbortController().signal);
}
await startTftpServer(
  {
    address,
    port: 69,
    batches,
    frames,
  },
  async ({ filename }) => {
    const found = await resolveInside(folder, filename);
    return found.kind === 'file' ? found : { kind: 'refuse', code: 1, message: 'no such file' };
  },
  () => undefined,
);
