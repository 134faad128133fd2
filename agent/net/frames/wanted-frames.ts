/**
 * Which of the frames that the kernel passes are handed to the server. DHCP messages of clients come with each new machine: only those
 * are whose frames somebody looks at. What comes to port 6666 is where it is for everybody: a UDP socket of ours does not hear that, and
 * who says it has no address yet. `perl-frames.ts` has the same rule in perl.
 */

/** DHCP message types (RFC 2132 §9.6) of clients, and of those of them that our boot loaders sent. */
export type SoughtMessages = {
  readonly clientMessages: readonly number[];
  readonly loaderMessages: readonly number[];
};

/** Ethernet, IPv4 without options, and ports; what is shorter is for the reader to judge. */
const SHORTEST = 38;
const ETHERNET = 14;
const ETH_P_IP = 0x0800;
const DESTINATION = 30;
const EVERYBODY = 0xffffffff;
const [SERVER_PORT, CONSOLE_PORT] = [67, 6666];
/** A message type: the option's code and length. */
const [MESSAGE_TYPE, ONE_BYTE] = [53, 1];
const NO_TYPE = -1;
/** The class of our boot loaders begins so (boot/request.ts). */
const OUR_CLASS = 'walt.node.';

/** A message counts with a type that is sought anywhere in it: the reader looks again. */
export function isWanted(
  frame: Buffer,
  { clientMessages, loaderMessages }: SoughtMessages,
): boolean {
  if (frame.length < SHORTEST || frame.readUInt16BE(ETHERNET - 2) !== ETH_P_IP) return true;
  const ports = ETHERNET + 4 * ((frame[ETHERNET] ?? 0) & 15);
  if (frame.length < ports + 4 || frame.readUInt16BE(ports) === SERVER_PORT) return true;
  if (frame.readUInt16BE(ports + 2) === CONSOLE_PORT) {
    return frame.readUInt32BE(DESTINATION) === EVERYBODY;
  }
  return isSought(frame, { clientMessages, loaderMessages });
}

/** Each frame is gone through once: a rack that powers up brings thousands. */
function isSought(frame: Buffer, { clientMessages, loaderMessages }: SoughtMessages): boolean {
  let isForLoaders = false;
  for (let at = frame.indexOf(MESSAGE_TYPE); at >= 0; at = frame.indexOf(MESSAGE_TYPE, at + 1)) {
    if (frame[at + 1] !== ONE_BYTE) continue;
    const type = frame[at + 2] ?? NO_TYPE;
    if (clientMessages.includes(type)) return true;
    isForLoaders ||= loaderMessages.includes(type);
  }
  return isForLoaders && frame.includes(OUR_CLASS, 0, 'latin1');
}
