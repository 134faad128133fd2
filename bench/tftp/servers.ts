/** The TFTP servers that are compared: ours first, npm's, which is the baseline, last. Each has an address of its own. */
import { join } from 'node:path';
import { withLibraries } from '../harness/debian-programs.ts';

export type TftpContestant = {
  readonly name: string;
  readonly address: string;
  command(places: { readonly files: string; readonly programs: string }): string[];
};

const node = process.execPath;
const ours = join(import.meta.dirname, 'serve.ts');
const npm = join(import.meta.dirname, 'serve-npm.ts');

export const servers: readonly TftpContestant[] = [
  { name: 'ours', address: '10.99.0.1', command: ({ files }) => [node, ours, '10.99.0.1', files] },
  {
    name: 'tftpd-hpa',
    address: '10.99.0.2',
    command: ({ files, programs }) =>
      withLibraries(programs, [
        ...[join(programs, 'in.tftpd'), '--listen', '--foreground', '--address', '10.99.0.2:69'],
        ...['--secure', '--user', 'root', files],
      ]),
  },
  {
    name: 'atftpd',
    address: '10.99.0.3',
    command: ({ files, programs }) =>
      withLibraries(programs, [
        ...[join(programs, 'atftpd'), '--daemon', '--no-fork', '--bind-address', '10.99.0.3'],
        ...['--port', '69', '--user', 'root', '--group', 'root', '--maxthread', '1000'],
        ...['--logfile', '/dev/null', '--verbose=0', files],
      ]),
  },
  {
    name: 'dnsmasq',
    address: '10.99.0.4',
    command: ({ files, programs }) =>
      withLibraries(programs, [
        ...[join(programs, 'dnsmasq'), '--keep-in-foreground', '--conf-file=/dev/null', '--port=0'],
        ...['--pid-file=', '--user=root', '--listen-address=10.99.0.4', '--bind-interfaces'],
        ...['--enable-tftp', `--tftp-root=${files}`, '--tftp-max=1000', '--quiet-tftp'],
        '--log-facility=/dev/null',
      ]),
  },
  {
    name: 'npm tftp',
    address: '10.99.0.5',
    command: ({ files }) => [node, npm, '10.99.0.5', files],
  },
];
