/** A TFTP client of our own, cheap enough to run by the hundred in one process: for benches, fuzzing and lossy links. */
import dgram, { type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { numericAddress } from '../../agent/net/numeric-address.ts';

/** What is read, from where, and over which bad line. */
export type TftpWish = {
  readonly server: string;
  readonly port?: number;
  readonly file: string;
  /** As they are asked; an empty table asks as RFC 1350 does. */
  readonly options?: Readonly<Record<string, number>>;
  /** The address to ask from. */
  readonly from?: string;
  /** Says for each packet that comes or goes whether it is lost. */
  readonly isLost?: () => boolean;
  /** Milliseconds without a block after which the last word is said again. */
  readonly repeatMs?: number;
};

/** How often the last word is said again without an answer. */
const mostRepeats = 12;

/** @returns the file. @throws {Error} with the server's words where it refuses, or when nothing comes for 12 repeats */
export async function readTftp(wish: TftpWish): Promise<Buffer> {
  const reader = new TftpReader(wish);
  try {
    return await reader.run();
  } finally {
    reader.close();
  }
}

class TftpReader {
  readonly #wish: TftpWish;
  readonly #socket: Socket = dgram.createSocket({
    type: 'udp4',
    recvBufferSize: 1 << 18,
    lookup: numericAddress,
  });
  readonly #done = Promise.withResolvers<Buffer>();
  readonly #parts: Buffer[] = [];
  readonly #ack = Buffer.from([0, 4, 0, 0]);
  /** Port of the transfer, once the server has answered from it. */
  #peer = 0;
  #blockSize = 512;
  #windowSize = 1;
  #have = 0;
  #unacknowledged = 0;
  #isGapTold = false;
  #repeats = 0;
  #heardAt = 0;
  #clock: NodeJS.Timeout | undefined;

  constructor(wish: TftpWish) {
    this.#wish = wish;
  }

  async run(): Promise<Buffer> {
    const listening = once(this.#socket, 'listening');
    this.#socket.bind({ address: this.#wish.from ?? '0.0.0.0', port: 0 });
    await listening;
    this.#socket.on('message', (bytes, from) => this.#arrive(bytes, from));
    this.#socket.on('error', (error) => this.#done.reject(error));
    this.#request();
    const every = this.#wish.repeatMs ?? 1000;
    this.#heardAt = performance.now();
    this.#clock = setInterval(() => this.#look(every), every / 4);
    return await this.#done.promise;
  }

  close(): void {
    clearInterval(this.#clock);
    this.#socket.close();
  }

  #look(every: number): void {
    if (performance.now() - this.#heardAt < every) return;
    this.#heardAt = performance.now();
    this.#repeats += 1;
    if (this.#repeats > mostRepeats) {
      this.#done.reject(new Error(`${this.#wish.file}: no answer after block ${this.#have}`));
    } else if (this.#peer === 0) this.#request();
    else this.#acknowledge();
  }

  #request(): void {
    const words = [this.#wish.file, 'octet'];
    for (const [name, value] of Object.entries(this.#wish.options ?? {})) {
      words.push(name, String(value));
    }
    const request = Buffer.from(`\0\x01${words.map((word) => `${word}\0`).join('')}`, 'latin1');
    if (this.#wish.isLost?.()) return;
    this.#socket.send(request, this.#wish.port ?? 69, this.#wish.server);
  }

  #acknowledge(): void {
    this.#unacknowledged = 0;
    this.#ack.writeUInt16BE(this.#have & 0xffff, 2);
    if (!this.#wish.isLost?.()) this.#socket.send(this.#ack, this.#peer, this.#wish.server);
  }

  #arrive(bytes: Buffer, from: RemoteInfo): void {
    if (this.#wish.isLost?.()) return;
    if (this.#peer !== 0 && from.port !== this.#peer) return;
    const opcode = bytes.readUInt16BE(0);
    if (opcode === 5) this.#done.reject(new Error(bytes.toString('latin1', 4)));
    if (opcode === 3) this.#data(bytes, from);
    if (opcode === 6 && this.#have === 0) this.#granted(bytes, from);
  }

  #granted(bytes: Buffer, from: RemoteInfo): void {
    this.#peer = from.port;
    const words = bytes.toString('latin1', 2).toLowerCase().split('\0');
    const granted = (name: string, otherwise: number) => {
      const at = words.indexOf(name);
      return at < 0 ? otherwise : Number(words[at + 1]);
    };
    this.#blockSize = granted('blksize', 512);
    this.#windowSize = granted('windowsize', 1);
    this.#heard();
    this.#acknowledge();
  }

  #data(bytes: Buffer, from: RemoteInfo): void {
    this.#peer = from.port;
    const ahead = (bytes.readUInt16BE(2) - this.#have) & 0xffff;
    if (ahead === 1) this.#take(bytes);
    else if (ahead < 0x8000 && ahead > 1 && !this.#isGapTold) {
      this.#isGapTold = true;
      this.#acknowledge();
    } else if (ahead === 0 && this.#windowSize === 1) this.#acknowledge();
  }

  #take(bytes: Buffer): void {
    this.#have += 1;
    this.#unacknowledged += 1;
    this.#isGapTold = false;
    this.#parts.push(bytes.subarray(4));
    this.#heard();
    const isLast = bytes.length - 4 < this.#blockSize;
    if (isLast || this.#unacknowledged >= this.#windowSize) this.#acknowledge();
    if (isLast) this.#done.resolve(Buffer.concat(this.#parts));
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#repeats = 0;
  }
}
