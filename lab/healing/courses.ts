/** How a boot of a simulated board goes. */

/** Each with what the board does. */
const COURSES = {
  good: 'comes up',
  stays: 'comes up, and stays up until its power goes',
  late: 'hears the answer of DHCP 20 s late, and comes up',
  'no-file': 'asks for a start file that is not there',
  corrupted: 'loads its kernel through a relay that changes block numbers',
  'broken-off': 'ends the transfer of its initrd in the middle',
  'export-gone': 'is refused its root by the NFS server',
  panic: 'loads its kernel, and nothing more',
  'stale-handle': 'mounts its root, and is told that its handle is stale',
  'no-sshd': 'runs its net service and never says that it is up',
  'half-open': 'comes up, and loses its power without a word',
} as const;
/** One of `COURSES`. */
export type Course = keyof typeof COURSES;

/** What the program of boards is told: paces are real milliseconds. */
export type BoardsPlan = {
  readonly server: string;
  readonly card: string;
  /** Unix socket: a line `off MAC`, `on MAC`, or `cycle MAC` for both, switches the power of a board */
  readonly power: string;
  /** how late the answer of DHCP is where it is late */
  readonly lateMs: number;
  readonly boards: readonly { readonly mac: string; readonly courses: readonly Course[] }[];
};
