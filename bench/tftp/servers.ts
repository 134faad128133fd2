/** The TFTP servers that are compared: ours first, npm's, which is the baseline, last. Each has an address of its own. */
import { join } from 'node:path';
import { withLibraries, withLoader } from '../harness/debian-programs.ts';

/** Folders: what is served, programs of this machine's release, and the root of programs of sid. */
export type TftpPlaces = {
  readonly files: string;
  readonly programs: string;
  readonly sid: string | undefined;
};

export type TftpContestant = {
  readonly name: string;
  readonly address: string;
  /** undefined: it cannot be had */
  command(places: TftpPlaces): string[] | undefined;
};

const node = process.execPath;
const ours = join(import.meta.dirname, 'serve.ts');
const npm = join(import.meta.dirname, 'serve-npm.ts');

const tftpdHpa = (address: string, files: string) => [
  ...['in.tftpd', '--listen', '--foreground', '--address', `${address}:69`],
  ...['--secure', '--user', 'root', files],
];

const dnsmasq = (address: string, files: string) => [
  ...['dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0'],
  ...['--pid-file=', '--user=root', `--listen-address=${address}`, '--bind-interfaces'],
  ...['--enable-tftp', `--tftp-root=${files}`, '--tftp-max=1000', '--quiet-tftp'],
  '--log-facility=/dev/null',
];

const atftpd = (address: string, files: string) => [
  ...['atftpd', '--daemon', '--no-fork', '--bind-address', address, '--port', '69'],
  ...['--user', 'root', '--group', 'root', '--maxthread', '1000'],
  ...['--logfile', '/dev/null', '--verbose=0', files],
];

type Argv = (address: string, files: string) => string[];

const installed = (name: string, address: string, argv: Argv): TftpContestant => ({
  name,
  address,
  command: ({ files, programs }) => {
    const [program = '', ...args] = argv(address, files);
    return withLibraries(programs, [join(programs, program), ...args]);
  },
});

const ofSid = (name: string, address: string, argv: Argv): TftpContestant => ({
  name,
  address,
  command: ({ files, sid }) => (sid === undefined ? sid : withLoader(sid, argv(address, files))),
});

export const servers: readonly TftpContestant[] = [
  {
    name: 'ours',
    address: '10.99.0.1',
    command: ({ files }) => [node, ours, '10.99.0.1', files, 'cable'],
  },
  installed('tftpd-hpa', '10.99.0.2', tftpdHpa),
  installed('atftpd', '10.99.0.3', atftpd),
  installed('dnsmasq', '10.99.0.4', dnsmasq),
  ofSid('tftpd-hpa 7.2', '10.99.0.6', tftpdHpa),
  ofSid('dnsmasq 2.93', '10.99.0.7', dnsmasq),
  {
    name: 'npm tftp',
    address: '10.99.0.5',
    command: ({ files }) => [node, npm, '10.99.0.5', files],
  },
];
