// What is counted of events: the numbers of boots, of the servers of walt-net, and of trouble.
import { Counter, type Family, Histogram } from './instruments.ts';

/** Seconds. */
const BOOT_TIMES = [10, 20, 30, 45, 60, 90, 120, 180, 300, 600] as const;
const FILE_TIMES = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60] as const;
const LAGS = [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5] as const;

/** By the names that reactions use. */
export function countedFamilies() {
  return {
    bootsStarted: new Counter('walt_boots_started_total', 'Boots that began, by model.'),
    bootsEnded: new Counter(
      'walt_boots_ended_total',
      'Boots that came up (result booted) or did not (failed), by model and by the stage that they reached.',
    ),
    bootSeconds: new Histogram(
      'walt_boot_seconds',
      'Time from the first packet of a boot until it was up, by model.',
      BOOT_TIMES,
    ),
    dhcpMessages: new Counter(
      'walt_dhcp_messages_total',
      'DHCP messages, and what they were answered (silence: nothing).',
    ),
    transfers: new Counter(
      'walt_file_transfers_total',
      'Files sent to devices, by protocol (tftp, http) and outcome.',
    ),
    transferBytes: new Counter('walt_file_bytes_total', 'Bytes of these files, by protocol.'),
    transferRetries: new Counter(
      'walt_file_retries_total',
      'Packets of these files that were sent again, by protocol.',
    ),
    transferSeconds: new Histogram(
      'walt_file_seconds',
      'Time that a file took, by protocol.',
      FILE_TIMES,
    ),
    refusedFiles: new Counter('walt_refused_files_total', 'Files that were asked for and refused.'),
    mounts: new Counter('walt_nfs_mounts_total', 'Roots that nodes mounted by NFS, by model.'),
    ignored: new Counter(
      'walt_ignored_total',
      'Packets and requests that were not taken seriously, by server.',
    ),
    limits: new Counter('walt_limits_reached_total', 'Limits (docs/limits.md) met, by server.'),
    problems: new Counter('walt_problems_total', 'Trouble of the server itself, by its part.'),
    helped: new Counter('walt_healing_total', 'What was done for nodes that did not come up.'),
    eventLag: new Histogram(
      'walt_event_lag_seconds',
      'Time from when something happened until it was on disk and followers were told.',
      LAGS,
    ),
  } as const satisfies Readonly<Record<string, Family>>;
}

/** All of them. */
export type Counted = ReturnType<typeof countedFamilies>;
