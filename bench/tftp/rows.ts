/** What is measured of TFTP servers, one row each. */
export type TftpRow = {
  readonly title: string;
  readonly aim: number;
  readonly rounds: number;
  readonly bytes: number;
  readonly options: { readonly blksize: number; readonly windowsize?: number };
  /** Absent: one transfer by atftp. */
  readonly many?: { readonly clients: number; readonly lossPercent: number };
};

const MiB = 1024 * 1024;

const single = [1, 4, 16].flatMap((windowsize) =>
  [512, 1428, 1468].map((blksize): TftpRow => {
    const options = { blksize, ...(windowsize > 1 ? { windowsize } : {}) };
    if (windowsize === 1) {
      const title = `blksize ${blksize}, 2 MiB`;
      return { title, options, aim: 1, rounds: 5, bytes: 2 * MiB };
    }
    const title = `blksize ${blksize}, windowsize ${windowsize}, 16 MiB`;
    return { title, options, aim: 1.2, rounds: 5, bytes: 16 * MiB };
  }),
);

export const rows: readonly TftpRow[] = [
  ...single,
  {
    title: '1 % loss: 8 clients at once, blksize 1428, ½ MiB each',
    options: { blksize: 1428 },
    aim: 1,
    rounds: 2,
    bytes: MiB / 2,
    many: { clients: 8, lossPercent: 1 },
  },
  {
    title: '500 clients at once, blksize 1428, 1 MiB each',
    options: { blksize: 1428 },
    aim: 1,
    rounds: 2,
    bytes: MiB,
    many: { clients: 500, lossPercent: 0 },
  },
];
