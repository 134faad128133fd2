/** What is said to whoever sent a packet that cannot be served: a boot ROM that hears nothing waits for minutes. */
import type { TftpClient } from './exchange.ts';
import { opcodes } from './packet.ts';

/** Services that answer whatever they get, such as echo and chargen, have ports below it (RFC 6335 §6). */
const firstUserPort = 1024;

/**
 * Whether a packet that cannot be served may be answered by an error. An error never is, however damaged, else two
 * servers answer each other for ever; nor is what has no opcode, or comes from a service that would answer in turn.
 */
export function mayBeAnswered(bytes: Uint8Array, from: TftpClient): boolean {
  if (bytes.length < 2 || from.port === 0) return false;
  const opcode = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (opcode === opcodes.error) return false;
  return from.port >= firstUserPort || opcode === opcodes.read || opcode === opcodes.write;
}
