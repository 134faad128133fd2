/** The foreign TFTP clients that our server is tried with, each as the command that fetches one file from loopback. */
export type Fetch = { readonly port: number; readonly file: string; readonly to: string };

/** A client, and the argument vector with which it fetches a file. */
export type TftpClientProgram = {
  readonly name: string;
  command(fetch: Fetch): string[];
  /** It asks for a timeout of some seconds: each loss costs it as many. */
  readonly isSlow?: true;
};

const host = '127.0.0.1';

/** Clients as they come, and with the options that a boot loader asks for. */
export const tftpClientPrograms: readonly TftpClientProgram[] = [
  { name: 'tftp-hpa', command: tftpHpa },
  { name: 'atftp', command: atftp({}) },
  {
    name: 'atftp with blksize 1428 and windowsize 8',
    command: atftp({ blksize: 1428, windowsize: 8 }),
  },
  { name: 'curl', command: curl, isSlow: true },
  { name: 'busybox', command: busybox },
];

function tftpHpa({ port, file, to }: Fetch): string[] {
  return ['tftp', '-m', 'binary', host, String(port), '-c', 'get', file, to];
}

function atftp(options: Record<string, number>): TftpClientProgram['command'] {
  const pairs = Object.entries(options).flatMap(([name, value]) => [
    '--option',
    `${name} ${value}`,
  ]);
  return ({ port, file, to }) => [
    'atftp',
    ...pairs,
    '--get',
    '-r',
    file,
    '-l',
    to,
    host,
    String(port),
  ];
}

function curl({ port, file, to }: Fetch): string[] {
  return ['curl', '-sS', '--tftp-blksize', '1428', '-o', to, `tftp://${host}:${port}/${file}`];
}

function busybox({ port, file, to }: Fetch): string[] {
  return ['busybox', 'tftp', '-g', '-b', '1468', '-r', file, '-l', to, host, String(port)];
}
