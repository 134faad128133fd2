/** One simulated board: real sockets from DHCP to the connection that says that it is up. Its power can be cut at any moment. */
import { once } from 'node:events';
import { get } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTftp } from '../clients/tftp-reader.ts';
import { runProgram } from '../programs/run-program.ts';
import type { BoardLeases } from './board-leases.ts';
import { openCorruptingRelay } from './corrupting-relay.ts';
import type { BoardsPlan, Course } from './courses.ts';
import { callRpc, opaque } from './rpc-call.ts';

/** What all boards have in common. */
export type BoardSurroundings = Pick<BoardsPlan, 'server' | 'card' | 'lateMs'> & {
  readonly leases: BoardLeases;
  readonly say: (line: string) => void;
};

const BOOTUP_PORT = 12_347;
const NODE_PORT = 12_346;
const NFS_PORT = 2049;
const MOUNT_PORT = 20_048;
const NFS = 100_003;
const MOUNT = 100_005;
/** The server looks for mounts every half second: it is to see the board before its mount, and the mount before the end. */
const SEEN_MS = 700;
const UP_MS = 1500;
const ALIVE_MS = 700;
/** A client that gets no block it can use gives up. */
const PATIENCE_MS = 500;

/** Runs through its courses, a boot each; then it stays up. */
export class Board {
  readonly mac: string;
  readonly #courses: Course[];
  readonly #around: BoardSurroundings;
  #course: Course = 'good';
  #boot = Symbol('boot');
  #address: string | undefined;
  #isUp = false;
  readonly #sockets = new Set<Socket>();
  #service: Server | undefined;

  constructor(mac: string, courses: readonly Course[], around: BoardSurroundings) {
    this.mac = mac;
    this.#courses = [...courses];
    this.#around = around;
  }

  /** Power comes on, or the system reboots. */
  powerOn(): void {
    this.#course = this.#courses.shift() ?? 'good';
    const boot = Symbol('boot');
    this.#boot = boot;
    this.#run(boot).catch((reason: unknown) => {
      if (this.#boot === boot) this.#around.say(`${this.mac} failed ${reason}`);
    });
  }

  /** Somebody switches its power off and on. */
  async cycle(): Promise<void> {
    const { say } = this.#around;
    say(`${this.mac} ${this.#isUp ? 'cycled-while-up' : 'cycled'} ${this.#course}`);
    // It was on its way all the same.
    if (this.#course === 'good' && !this.#isUp) this.#courses.unshift('good');
    await this.#cut();
    this.powerOn();
  }

  /** Somebody takes its power away. */
  async powerOff(): Promise<void> {
    this.#around.say(`${this.mac} off ${this.#course}`);
    await this.#cut();
  }

  /** All of it is gone at once: nothing that it would say reaches anybody. */
  async #cut(): Promise<void> {
    this.#boot = Symbol('off');
    this.#isUp = false;
    const address = this.#address;
    this.#address = undefined;
    if (address !== undefined) {
      await ip('rule', 'add', 'from', address, 'blackhole');
      await ip('address', 'del', `${address}/32`, 'dev', this.#around.card);
    }
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#sockets.clear();
    this.#service?.close();
    this.#service = undefined;
  }

  async #run(boot: symbol): Promise<void> {
    const { leases, lateMs, card, say } = this.#around;
    const course = this.#course;
    say(`${this.mac} boots ${course}`);
    const address = await leases.lease(this.mac, course === 'late' ? lateMs : 0);
    if (this.#boot !== boot) return;
    this.#address = address;
    await ip('address', 'replace', `${address}/32`, 'dev', card);
    while ((await ip('rule', 'del', 'from', address, 'blackhole')) === 0);
    if (!(await this.#load(course, address)) || this.#boot !== boot) return;
    await sleep(SEEN_MS);
    if (this.#boot !== boot || !(await this.#mount(course, address))) return;
    await sleep(SEEN_MS);
    if (this.#boot !== boot) return;
    await this.#start(course, address);
    await sleep(UP_MS);
    if (this.#boot === boot) await this.#afterUp(course);
  }

  /** @returns whether it has its kernel */
  async #load(course: Course, from: string): Promise<boolean> {
    const { server } = this.#around;
    const wish = { server, from, options: { blksize: 1428 } };
    if (course === 'no-file') {
      await readTftp({ ...wish, file: 'missing.ipxe' }).catch(() => undefined);
      return false;
    }
    await readTftp({ ...wish, file: 'start.ipxe' });
    if (course === 'corrupted') return await this.#loadCorrupted(from);
    if (course === 'broken-off') return await this.#breakOff(from);
    await readTftp({ ...wish, file: 'kernel' });
    return course !== 'panic';
  }

  async #loadCorrupted(from: string): Promise<false> {
    const relay = await openCorruptingRelay(this.#around.server, from);
    const wish = { server: '127.0.0.1', port: relay.port, from: '127.0.0.1', file: 'kernel' };
    const read = readTftp({ ...wish, options: { blksize: 1428 } }).catch(() => undefined);
    await Promise.race([read, sleep(PATIENCE_MS)]);
    relay.close();
    return false;
  }

  async #breakOff(localAddress: string): Promise<false> {
    const request = get({ host: this.#around.server, path: '/boot/initrd', localAddress });
    request.on('error', () => undefined);
    const [response] = await once(request, 'response');
    await once(response, 'readable');
    request.destroy();
    return false;
  }

  /** @returns whether its root can be used */
  async #mount(course: Course, from: string): Promise<boolean> {
    const { server, say } = this.#around;
    if (course === 'export-gone') {
      const argument = opaque(Buffer.from('/gone'));
      const wish = { server, from, port: MOUNT_PORT, program: MOUNT, procedure: 1, argument };
      const { status, socket } = await callRpc(wish);
      socket.destroy();
      say(`${this.mac} mount ${status}`);
      return false;
    }
    if (course !== 'stale-handle') {
      await this.#hold(connect({ host: server, port: NFS_PORT, localAddress: from }));
      return true;
    }
    const argument = opaque(Buffer.alloc(32, 7));
    const wish = { server, from, port: NFS_PORT, program: NFS, procedure: 1, argument };
    const { status, socket } = await callRpc(wish);
    this.#sockets.add(socket);
    say(`${this.mac} getattr ${status}`);
    return false;
  }

  async #hold(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) });
  }

  async #start(course: Course, address: string): Promise<void> {
    this.#service = createServer((socket) => this.#obey(socket)).listen(NODE_PORT, address);
    if (course === 'no-sshd') return;
    const socket = connect({ host: this.#around.server, port: BOOTUP_PORT, localAddress: address });
    await this.#hold(socket);
    socket.write('REQ_NOTIFY_BOOTUP_STATUS\n');
    await once(socket, 'data', { signal: AbortSignal.timeout(10_000) });
    socket.resume();
    this.#isUp = true;
    const alive = setInterval(() => socket.write('\n'), ALIVE_MS);
    socket.once('close', () => clearInterval(alive));
    this.#around.say(`${this.mac} up ${course}`);
  }

  #obey(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('data', async (bytes) => {
      if (!bytes.toString().includes('REBOOT')) return;
      socket.end('OK\n');
      this.#around.say(`${this.mac} asked ${this.#course}`);
      await this.#cut();
      this.powerOn();
    });
  }

  async #afterUp(course: Course): Promise<void> {
    if (course === 'no-sshd' || course === 'stays') return;
    if (course === 'half-open') return await this.#cut();
    if (this.#courses.length === 0) return this.#around.say(`${this.mac} done`);
    this.#isUp = false;
    for (const socket of this.#sockets) socket.end();
    await sleep(SEEN_MS);
    await this.#cut();
    this.powerOn();
  }
}

/** @returns its exit status */
async function ip(...args: string[]): Promise<number | null> {
  return (await runProgram(['ip', ...args])).code;
}
