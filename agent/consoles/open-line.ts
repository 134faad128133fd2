// Opens a serial line of this machine.
import { closeSync, constants, openSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { isatty, ReadStream } from 'node:tty';
import { WaltError } from '../errors.ts';
import { runProgram } from '../host/processes/program.ts';

/** A line that is open. */
export type OpenLine = {
  /** the device's own name: `/dev/serial/by-id/…` leads to it */
  readonly file: string;
  /** what comes; read no faster than they are taken. They end, or throw, where the line is gone */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** @throws {Error} where the line is gone */
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
};

/** Opens one. @param line its path, and its speed in bits per second @throws {WaltError} with the reason where it cannot */
export type LineOpener = (line: {
  readonly path: string;
  readonly speed: number;
}) => Promise<OpenLine>;

/** Names of the devices that the kernel has its console on: what is typed there is for this machine. */
const OWN_CONSOLE = '/sys/class/tty/console/active';
/** As it comes: no echo, no signals, no waiting for a modem. */
const RAW = ['raw', '-echo', '-echoe', '-echok', 'clocal', '-crtscts', '-hupcl', 'cs8', '-parenb'];

/** By this process itself. */
export const openOwnLine: LineOpener = async ({ path, speed }) => {
  const file = await realpath(path);
  const own = (await readFile(OWN_CONSOLE, 'utf8').catch(() => '')).trim().split(' ');
  if (own.includes(basename(file))) throw new WaltError('it is the console of this machine itself');
  await runProgram('stty', ['-F', file, String(speed), ...RAW]);
  // Not to be waited for: a modem's line would keep an opener until it is called.
  const descriptor = openSync(file, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  if (!isatty(descriptor)) {
    closeSync(descriptor);
    throw new WaltError('it is no serial line');
  }
  const stream = new ReadStream(descriptor);
  // Whoever reads is told; a write that fails is told, too.
  stream.on('error', () => undefined);
  return {
    file,
    bytes: stream.iterator() as AsyncIterable<Uint8Array>,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (reason) => (reason ? reject(reason) : resolve()));
      }),
    close: () => void stream.destroy(),
  };
};
