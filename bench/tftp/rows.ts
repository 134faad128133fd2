/** What is measured of TFTP servers, one row each. Aims are those of the project. */
export type TftpRow = {
  readonly title: string;
  readonly aim: number;
  readonly rounds: number;
  readonly bytes: number;
  readonly options: { readonly blksize: number; readonly windowsize?: number };
  /** Absent: one transfer by atftp, its start included. */
  readonly simulated?: { readonly clients: number; readonly lossPercent: number };
};

const MiB = 1024 * 1024;
const alone = { clients: 1, lossPercent: 0 };

/** Of 30 to 100 ms each, which a moment of anything else doubles: many rounds. Larger files are measured five times. */
const single = [1, 4, 16].flatMap((windowsize) =>
  [512, 1428, 1468].map((blksize): TftpRow => {
    if (windowsize === 1) {
      const title = `blksize ${blksize}, 4 MiB`;
      return {
        title,
        options: { blksize },
        aim: 1.3,
        rounds: 15,
        bytes: 4 * MiB,
        simulated: alone,
      };
    }
    return {
      title: `blksize ${blksize}, windowsize ${windowsize}, 16 MiB`,
      options: { blksize, windowsize },
      aim: 1.5,
      rounds: 5,
      bytes: 16 * MiB,
      simulated: alone,
    };
  }),
);

export const rows: readonly TftpRow[] = [
  ...single,
  {
    title: 'read by atftp: blksize 1428, windowsize 16, 16 MiB',
    options: { blksize: 1428, windowsize: 16 },
    // The client computes as much as the server.
    aim: 1.2,
    rounds: 5,
    bytes: 16 * MiB,
  },
  {
    title: '1 % loss: 8 clients at once, blksize 1428, ½ MiB each',
    options: { blksize: 1428 },
    aim: 5,
    rounds: 2,
    bytes: MiB / 2,
    simulated: { clients: 8, lossPercent: 1 },
  },
  {
    title: '500 clients at once, blksize 1428, 1 MiB each',
    options: { blksize: 1428 },
    aim: 1.5,
    rounds: 2,
    bytes: MiB,
    simulated: { clients: 500, lossPercent: 0 },
  },
];
