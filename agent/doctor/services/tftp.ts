// A boot loader asks for a file by TFTP, and gets its first block.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { numericAddress } from '../../net/numeric-address.ts';
import { decodeTftp, encodeTftp, tftpErrors } from '../../protocol/tftp/packet.ts';
import type { Check, CheckContext, Finding } from '../check.ts';

const TIMES = 5;
const PAUSE_MS = 1000;
/** Of no file: that the server has none is an answer too. */
const NO_FILE = 'walt-doctor';

export const tftp: Check = {
  name: 'tftp',
  run: async (context, signal) => {
    const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
    try {
      return await ask(socket, context, signal);
    } finally {
      socket.close();
    }
  },
};

async function ask(
  socket: dgram.Socket,
  { address, ports, bootFile }: CheckContext,
  signal: AbortSignal,
): Promise<Finding> {
  const answered = Promise.withResolvers<Finding>();
  socket.on('message', (bytes, from) => {
    const packet = decodeTftp(bytes);
    if (packet.kind === 'error') return answered.resolve(ofError(packet.message, bootFile));
    const end = { kind: 'error', code: tftpErrors.notDefined, message: 'that was all' } as const;
    socket.send(encodeTftp(end), from.port, from.address);
    return answered.resolve({ status: 'ok', detail: `${bootFile} comes` });
  });
  const listening = once(socket, 'listening');
  socket.bind({ address, port: 0 });
  await listening;
  const options = new Map<string, string>();
  const filename = bootFile ?? NO_FILE;
  const bytes = encodeTftp({ kind: 'read', filename, mode: 'octet', options });
  for (let times = 0; times < TIMES && !signal.aborted; times += 1) {
    socket.send(bytes, ports.tftp, address);
    const finding = await Promise.race([answered.promise, sleep(PAUSE_MS, undefined, { signal })]);
    if (finding !== undefined) return finding;
  }
  return failed(`nothing answers on UDP port ${ports.tftp} of ${address}`);
}

function ofError(message: string, bootFile: string | undefined): Finding {
  if (bootFile === undefined) return { status: 'ok', detail: 'it answers' };
  return failed(`${bootFile} does not come: ${message}`);
}

function failed(detail: string): Finding {
  return {
    status: 'failed',
    detail,
    meaning: 'Machines that boot from the network or from U-Boot get no boot file.',
    mend: 'systemctl restart walt-server; if pxe.folder is set, look whether it has the files',
  };
}
