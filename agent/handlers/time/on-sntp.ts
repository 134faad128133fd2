// A question for the time: answered only while the clock of this machine is known to be right.
import type { Clock } from '../../host/clock/clock.ts';
import { DecodeError } from '../../protocol/bytes.ts';
import { decodeSntpRequest, encodeSntpReply } from '../../protocol/sntp/packet.ts';

type Context = {
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  readonly isRight: () => boolean;
  readonly clock: Clock;
};

/** The answer; undefined where there is none. @param received microseconds since 1970 */
export function onSntp(
  bytes: Uint8Array,
  received: number,
  { address, isRight, clock }: Context,
): Uint8Array | undefined {
  if (!isRight()) return undefined;
  try {
    const request = decodeSntpRequest(bytes);
    return encodeSntpReply({ request, address, received, sent: clock() });
  } catch (reason) {
    if (reason instanceof DecodeError) return undefined;
    throw reason;
  }
}
