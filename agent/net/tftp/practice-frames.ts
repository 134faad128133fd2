/** Frames to clients that practise: no cable carries them, so that they are handed over. */
import { DATAGRAM_HEAD } from '../../protocol/ethernet/datagram-head.ts';
import { ClientFrames } from '../ffi/frames/client-frames.ts';
import { PracticeCalls } from '../ffi/practice-calls.ts';
import type { SystemCalls } from '../ffi/system-calls.ts';

/** Of the UDP header, behind one of IPv4 (RFC 768). */
const AT = { source: 20, destination: 22 } as const;
/** `struct arpreq`: the flag that the card is known (linux/if_arp.h). */
const ARP = { flags: 32, isKnown: 2 } as const;

/** Takes a packet that came from a port. */
type Take = (packet: Buffer, from: { readonly port: number }) => void;

let made = 0;

/** For one server. */
export class PracticeFrames {
  readonly frames: ClientFrames;
  /** by port */
  readonly clients = new Map<number, Take>();

  constructor() {
    const calls = new PracticeCalls(0, (bytes) => this.#deliver(Buffer.from(bytes)));
    made += 1;
    // In turn: V8 compiles for one function alone where it has seen no other one.
    const send: SystemCalls['send'] =
      made % 2 === 0 ? calls.send : (...given) => calls.send(...given);
    const ask: SystemCalls['ask'] = (_fd, _request, entry) => {
      entry.writeInt32LE(ARP.isKnown, ARP.flags);
      return 0;
    };
    const { addressOf } = calls;
    const parts = { addressOf, send, ask, socket: () => 0, close: () => 0 };
    this.frames = new ClientFrames(parts, 'practice', -1);
  }

  #deliver(frame: Buffer): void {
    const from = { port: frame.readUInt16BE(AT.source) };
    this.clients.get(frame.readUInt16BE(AT.destination))?.(frame.subarray(DATAGRAM_HEAD), from);
  }
}
