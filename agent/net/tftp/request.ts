/** What arrives at the TFTP port, read as a request, and the answer to it. */
import { DecodeError } from '../../protocol/bytes.ts';
import type { TftpAnswer, TftpClient, TftpReadHandler } from '../../protocol/tftp/exchange.ts';
import { decodeTftp, type TftpPacket, tftpErrors } from '../../protocol/tftp/packet.ts';

/** A request to read or to write, as it came. */
export type TftpRequest = Extract<TftpPacket, { readonly kind: 'read' | 'write' }>;

/** @returns why it is no request, where it is none */
export function readRequest(bytes: Uint8Array): TftpRequest | string {
  try {
    const packet = decodeTftp(bytes);
    if (packet.kind === 'read' || packet.kind === 'write') return packet;
    return `no request but ${packet.kind}`;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

/** @throws whatever the handler throws */
export async function answerRequest(
  request: TftpRequest,
  client: TftpClient,
  handler: TftpReadHandler,
): Promise<TftpAnswer> {
  if (request.kind === 'write') {
    return refuse(tftpErrors.accessViolation, 'this server is read-only');
  }
  if (request.mode === 'octet') return await handler(request, client);
  // Boot files are bytes; netascii is a mode of the standard all the same (RFC 1350 §5).
  const isKnown = request.mode === 'netascii';
  return refuse(
    isKnown ? tftpErrors.notDefined : tftpErrors.illegalOperation,
    'ask for mode octet',
  );
}

function refuse(code: number, message: string): TftpAnswer {
  return { kind: 'refuse', code, message };
}
