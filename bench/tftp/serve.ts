/**
 * Our TFTP server alone, for the bench: the files of a folder, as the server finds them in an image. Arguments: address, folder.
 * With WITHOUT_CALLS in the environment each packet has a call of its own, to compare.
 */
import { resolveInside } from '../../agent/images/content/files/inside.ts';
import { openDatagramBatches } from '../../agent/net/ffi/datagram-batches.ts';
import { startTftpServer } from '../../agent/net/tftp/server.ts';

const [address = '', folder = ''] = process.argv.slice(2);
await startTftpServer(
  {
    address,
    port: 69,
    batches: process.env.WITHOUT_CALLS ? undefined : await openDatagramBatches(),
  },
  async ({ filename }) => {
    const found = await resolveInside(folder, filename);
    return found.kind === 'file' ? found : { kind: 'refuse', code: 1, message: 'no such file' };
  },
  () => undefined,
);
