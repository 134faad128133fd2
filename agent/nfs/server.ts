// What the rest of the server knows about NFS, whichever program serves it.
import type { Mounter } from '../host/mounting/mounter.ts';
import type { Subnet } from '../protocol/ip.ts';
import type { NfsExport } from './export.ts';

/** Gives each node its root file system, read-only. */
export interface NfsServer {
  /**
   * Takes over the NFS service that is already running, or starts it with the exports it last had.
   * @throws {WaltError} with the reason in the service's own words, if it cannot be started
   */
  start(): Promise<void>;
  /**
   * Makes these the exports, all of them. Fulfilled once the NFS server serves them; calls that come while one is
   * under way are served together.
   * @throws {WaltError} naming the nodes that could not be served; the others are
   * @throws {TypeError} for exports that cannot be meant
   */
  apply(exports: readonly NfsExport[]): Promise<void>;
  /** Stops watching. The NFS service goes on, so that a restart of this program disturbs no node. */
  detach(): void;
  /** Ends the NFS service: nodes lose their root file system. */
  stop(): Promise<void>;
}

/** What a back end is told. */
export type NfsServerOptions = {
  /** walt-net, with the server's address there. */
  readonly subnet: Subnet;
  /** A folder of its own, kept over restarts. */
  readonly folder: string;
  /** where all images are; unless said, the folder that `folder` is in */
  readonly state?: string;
  /** Told of trouble that no caller waits for, such as a crash of the NFS server. */
  readonly onProblem: (message: string) => void;
  /** Shows mounts to a service that has its own; by default this process. */
  readonly mounter?: Mounter;
};
