// Machines that do not exist, and both ways to answer them as the server has them, but for the kernel (`practice.ts`).
import { onDhcp } from '../../handlers/dhcp/on-dhcp.ts';
import type { PlainDhcp } from '../../handlers/dhcp/plain-dhcp.ts';
import { dhcpEars } from '../../net/dhcp/ears.ts';
import { DatagramBatches } from '../../net/ffi/datagram-batches.ts';
import { BroadcastFrames } from '../../net/ffi/frames/broadcast-frames.ts';
import { PracticeCalls } from '../../net/ffi/practice-calls.ts';
import { PracticePort } from '../../net/udp/practice-port.ts';
import { decodeDhcp } from '../../protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { type DhcpReplies, EVERYBODY, REPLY_STRIDE } from '../../protocol/dhcp/replies.ts';
import { DATAGRAM_HEAD } from '../../protocol/ethernet/datagram-head.ts';
import { bytesToMac } from '../../protocol/mac.ts';
import { answer, plainDhcpOf } from './dhcp-parts.ts';
import type { PracticeParts } from './practice-parts.ts';

/** Of three machines one is answered by the handler of all messages, the others by what stands in front of it. */
const HANDLED = 3;
const NOWHERE = { address: '0.0.0.0', port: 68 };

/** Without batches there is the handler alone, as in the server. */
type How = { readonly batches: DatagramBatches | undefined; readonly number: number };

/** Answers machines, which have numbers from 1. */
export class PracticeAnswers {
  readonly #parts: PracticeParts;
  readonly #plain: PlainDhcp;
  readonly #calls = new PracticeCalls(NOWHERE.port, (bytes) => this.#sent(bytes));
  readonly #batches: DatagramBatches | undefined;
  readonly #frames: BroadcastFrames | undefined;
  readonly #port: PracticePort;
  #isByFrames = false;
  /** what waits for the answer to a number of an exchange */
  readonly #waiting = new Map<number, PromiseWithResolvers<Uint8Array | undefined>>();
  #hasTurn = false;

  constructor(parts: PracticeParts, { batches, number }: How) {
    this.#parts = parts;
    this.#plain = plainDhcpOf(parts.context, parts);
    const calls = number === 0 ? this.#calls : wrapped(this.#calls);
    const { addressOf, receive, send } = calls;
    const own = batches && { ...batches.calls, addressOf, receive, send };
    this.#batches = own && new DatagramBatches(own);
    const { address } = parts.context.network;
    const way = { index: 0, from: { address, port: NOWHERE.port }, to: EVERYBODY };
    this.#frames = own && new BroadcastFrames(own, 0, way);
    this.#port = new PracticePort(NOWHERE, this.#ears());
    this.#plain.open({
      send: (replies) => this.#send(replies),
      failed: (_client, reason) => this.#fail(reason),
      isWaiting: () => false,
    });
  }

  /** DISCOVER and REQUEST of a machine. @returns what it is answered */
  async lease(number: number): Promise<Uint8Array[]> {
    const discover = messageOf(number, { messageType: 'discover' });
    const offer = await this.#answerTo(number, discover);
    if (offer === undefined) return [];
    const { yiaddr: requestedAddress } = decodeDhcp(offer);
    const serverIdentifier = this.#parts.context.network.address;
    const words = { messageType: 'request', requestedAddress, serverIdentifier } as const;
    const ack = await this.#answerTo(number, messageOf(number, words));
    return ack === undefined ? [offer] : [offer, ack];
  }

  #answerTo(number: number, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#batches === undefined || number % HANDLED === 0) return this.#handle(bytes);
    const answer = Promise.withResolvers<Uint8Array | undefined>();
    this.#waiting.set(number, answer);
    this.#calls.put(bytes);
    if (!this.#hasTurn) setImmediate(() => this.#turn());
    this.#hasTurn = true;
    return answer.promise;
  }

  /** DISCOVER of a machine that asks for nothing more: who comes with it waits for it a little. */
  hesitate(number: number): void {
    if (this.#batches !== undefined)
      this.#calls.put(messageOf(number, { messageType: 'discover' }));
  }

  /** What fails here is to end practice, and not the server. */
  #turn(): void {
    this.#hasTurn = false;
    try {
      // As Node does, which takes the first itself, and more where the port looks for none.
      for (let next = this.#calls.take(); next !== undefined; next = this.#calls.take()) {
        this.#port.take(Buffer.from(next), NOWHERE);
      }
    } catch (reason) {
      this.#fail(reason);
    }
  }

  #fail(reason: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
  }

  #ears() {
    return dhcpEars({
      batches: this.#batches,
      plain: this.#plain,
      ownAddress: this.#parts.context.network.address,
      isClosed: () => false,
      receive: (bytes) => {
        const answer = this.#waiting.get(decodeDhcp(bytes).xid);
        this.#handle(bytes).then(answer?.resolve, (reason) => this.#fail(reason));
      },
      onError: (error) => this.#fail(error),
    });
  }

  async #handle(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const packet = decodeDhcp(bytes);
    const outcome = await onDhcp(packet, this.#parts.context);
    const [send] = answer(outcome, { packet, from: NOWHERE }, this.#parts);
    return send && encodeDhcp(send.packet, send.encoding);
  }

  /** Both ways in turn: the server may have one or the other. */
  #send({ memory, bodies, lengths, count }: DhcpReplies): void {
    this.#isByFrames = !this.#isByFrames;
    const stride = REPLY_STRIDE;
    if (this.#isByFrames) {
      this.#frames?.send({ memory, lengths, count, stride });
      return;
    }
    this.#port.port.sendEach({ memory: bodies, lengths, count, stride }, EVERYBODY);
  }

  #sent(bytes: Uint8Array): void {
    const reply = this.#isByFrames ? bytes.subarray(DATAGRAM_HEAD) : bytes;
    this.#waiting.get(decodeDhcp(reply).xid)?.resolve(reply);
  }
}

/** Other functions that do the same. */
function wrapped(calls: PracticeCalls): Pick<PracticeCalls, 'addressOf' | 'receive' | 'send'> {
  return {
    addressOf: (memory) => calls.addressOf(memory),
    receive: (fd, headers, count, flags) => calls.receive(fd, headers, count, flags),
    send: (fd, headers, count, flags) => calls.send(fd, headers, count, flags),
  };
}

/** Half of them are PCs that start from their cards, the others run a system. */
function messageOf(number: number, options: DhcpPacket['options']): Uint8Array {
  const mac = Uint8Array.of(2, 0, 0, number >> 16, number >> 8, number);
  const none = '0.0.0.0';
  const isFirmware = number % 2 === 0;
  return encodeDhcp({
    ...{ op: 1, htype: 1, hlen: 6, hops: 0, xid: number, secs: 0, flags: 0x8000 },
    ...{ ciaddr: none, yiaddr: none, siaddr: none, giaddr: none, sname: '', file: '' },
    chaddr: bytesToMac(mac),
    options: {
      ...options,
      parameterRequestList: [1, 3, 6, 12, 15, 51, 54, 66, 67],
      ...(isFirmware ? { vendorClass: 'PXEClient:Arch:00000:UNDI:002001' } : {}),
      clientIdentifier: Uint8Array.of(1, ...mac),
    },
  });
}
