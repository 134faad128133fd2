// The text of nfs-ganesha's configuration: settings, read once when it starts, and exports, read again at SIGHUP.
// Keywords: ganesha-core-config(8), ganesha-export-config(8), ganesha-log-config(8).
import { createHash } from 'node:crypto';
import { mountPath } from '../export.ts';
import { type ExportEntry, WITNESS_ID } from './export-table.ts';

/** The port of the MOUNT protocol (NFSv3), fixed so that a client may do without rpcbind. */
export const MOUNT_PORT = 20048;

/** Beside the settings, which name it without its folder: ganesha cannot include a path with spaces. */
export const EXPORTS_FILE = 'exports.conf';

/** What a running ganesha cannot be told anew. */
export type GaneshaSettings = {
  /** The server's address on walt-net; nothing listens on any other. */
  readonly address: string;
  /** Where ganesha keeps what it must find again after a restart. */
  readonly recoveryFolder: string;
  /** The first number of ganesha's version. */
  readonly version: number;
};

/**
 * From version 6 on ganesha asks the kernel to let it write where memory is short, which needs CAP_SYS_RESOURCE, and
 * ends if it may not. Containers have no such right, and nothing is written here. Older versions refuse the key.
 */
const SETTINGS_SINCE_6 = '  Allow_Set_Io_Flusher_Fail = true;\n';

/** All but the exports. A change takes effect only when ganesha starts. */
export function ganeshaSettings(settings: GaneshaSettings): string {
  return `NFS_CORE_PARAM {
  Bind_addr = ${settings.address};
  NFS_Port = 2049;
  MNT_Port = ${MOUNT_PORT};
  Protocols = 3, 4;
  mount_path_pseudo = true;
  Enable_UDP = Mount;
  Enable_NLM = false;
  Enable_RQUOTA = false;
  Clustered = false;
  # A node holds one connection, and a second while it mounts.
  RPC_Max_Connections = 10000;
${settings.version >= 6 ? SETTINGS_SINCE_6 : ''}}
NFSv4 {
  # Nothing is writable, so there is no state to reclaim and no reason to make clients wait.
  Graceless = true;
  Only_Numeric_Owners = true;
  Delegations = false;
  RecoveryRoot = ${quoted(settings.recoveryFolder)};
}
NFS_KRB5 { Active_krb5 = false; }
LOG { Default_log_level = WARN; COMPONENTS { CONFIG = EVENT; TIRPC = CRIT; DBUS = FATAL; NFS_CB = FATAL; } }
EXPORT_DEFAULTS {
  Access_Type = None;
  Squash = No_Root_Squash;
  SecType = sys;
  Protocols = 3, 4;
  Transports = TCP;
}
%include "${EXPORTS_FILE}"
`;
}

/** The exports and the path that can be mounted, by the server alone, once all of them are in force. */
export type GaneshaExports = { readonly text: string; readonly witnessPath: string };

/**
 * One export a line, so that a line number in a complaint names it. The last one is a witness: an empty folder
 * whose path is made of the text of all others. Who finds the witness knows that ganesha has read this very text.
 */
export function ganeshaExports(
  entries: readonly ExportEntry[],
  witness: { readonly address: string; readonly folder: string },
): GaneshaExports {
  const lines = entries.map((entry) =>
    exportLine({ ...entry, path: entry.imagePath, pseudo: mountPath(entry.name) }),
  );
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32);
  const witnessPath = `/walt-exports/${digest}`;
  const last = exportLine({
    id: WITNESS_ID,
    path: witness.folder,
    pseudo: witnessPath,
    client: witness.address,
    // Its path changes each time, which is more than ganesha's NFSv4 tree endures.
    more: ' Protocols = 3;',
  });
  return { text: [...lines, last, ''].join('\n'), witnessPath };
}

function exportLine({
  id,
  path,
  pseudo,
  client,
  more = '',
}: {
  readonly id: number;
  readonly path: string;
  readonly pseudo: string;
  readonly client: string;
  readonly more?: string;
}): string {
  const paths = `Path = ${quoted(path)}; Pseudo = ${quoted(pseudo)};`;
  const rights = `CLIENT { Clients = ${client}; Access_Type = RO; }`;
  return `EXPORT { Export_Id = ${id}; ${paths}${more} FSAL { Name = VFS; } ${rights} }`;
}

/** A double-quoted string of ganesha's: a backslash makes the next character an ordinary one. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
