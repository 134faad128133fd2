// The text of nfs-ganesha's configuration: settings, read once when it starts, and exports, read again at SIGHUP.
// Keywords: ganesha-core-config(8), ganesha-export-config(8), ganesha-log-config(8).
import { createHash } from 'node:crypto';
import type { Subnet } from '../../../protocol/ip.ts';
import { mountPath, nodeFolder, sharePath } from '../../export.ts';
import { type ExportEntry, folderId, ROOT_ID, WITNESS_ID } from './export-table.ts';
import { keywordsOf } from './keywords.ts';

/** The port of the MOUNT protocol (NFSv3), fixed so that a client may do without rpcbind. */
export const MOUNT_PORT = 20048;

/** Of all addresses together, to NFS and mount. */
export const MOST_CONNECTIONS = 10_000;

/** Seconds of silence before a connection's other end is asked whether it is there, between such questions, and how many (tcp(7)). */
export const KEEP_ALIVE = { idle: 60, interval: 15, count: 4 } as const;

/** Beside the settings, which name it without its folder: ganesha cannot include a path with spaces. */
export const EXPORTS_FILE = 'exports.conf';

/** What a running ganesha cannot be told anew. */
export type GaneshaSettings = {
  /** walt-net: the server listens on its address there alone, and other networks may not even ask for its root. */
  readonly subnet: Subnet;
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
  const { network, prefixLength } = settings.subnet;
  return `NFS_CORE_PARAM {
  Bind_addr = ${settings.subnet.address};
  NFS_Port = 2049;
  MNT_Port = ${MOUNT_PORT};
  Protocols = 3, 4;
  mount_path_pseudo = true;
  Enable_UDP = Mount;
  Enable_NLM = false;
  Enable_RQUOTA = false;
  Clustered = false;
  # A node holds one connection, and a second while it mounts. One that lost its power ends none, and is asked for.
  RPC_Max_Connections = ${MOST_CONNECTIONS};
  TCP_KEEPIDLE = ${KEEP_ALIVE.idle};
  TCP_KEEPINTVL = ${KEEP_ALIVE.interval};
  TCP_KEEPCNT = ${KEEP_ALIVE.count};
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
# Without this one ganesha makes it itself, and shows it to everybody.
${folderLine({ id: ROOT_ID, path: '/', client: `${network}/${prefixLength}` })}
%include "${EXPORTS_FILE}"
`;
}

/** One export, as ganesha reads it. */
export type ExportPart = { readonly id: number; readonly text: string };

/** An empty folder that is exported to the server alone, once all other exports are in force. */
export type Witness = ExportPart & { readonly path: string };

/** Where the empty folder is, and the server's address. */
export type WitnessPlace = { readonly address: string; readonly folder: string };

/** So many lines of the exports file belong to each entry: `entryOfLine` counts by them. */
const LINES_EACH = 2;

/** One export a line, so that a line number in a complaint names it. The last one is the witness. */
export function ganeshaExports(entries: readonly ExportEntry[], place: WitnessPlace): string {
  return [...linesOf(entries), witnessOf(entries, place).text, ''].join('\n');
}

/** What lines look like: other versions of this server may write others for the same exports. */
const SAMPLE = { id: 1, name: '192.0.2.1', client: '192.0.2.1', imagePath: '/' } as const;
const SAMPLES: readonly ExportEntry[] = [SAMPLE, { ...SAMPLE, uid: 1 }];

/**
 * The witness, whose path is made of all others: who finds it knows that ganesha has these very exports. They themselves are not
 * written for that, since of 1,000 nodes they are a long text.
 */
export function witnessOf(
  entries: readonly ExportEntry[],
  { address, folder }: WitnessPlace,
): Witness {
  const facts = entries.map(({ id, name, client, imagePath, uid }) =>
    [id, name, client, uid, imagePath].join(' '),
  );
  const hash = createHash('sha256').update([...linesOf(SAMPLES), ...facts].join('\n'));
  const path = `/walt-exports/${hash.digest('hex').slice(0, 32)}`;
  const text = imageLine({
    id: WITNESS_ID,
    path: folder,
    pseudo: path,
    client: address,
    // Its path changes each time, which is more than ganesha's NFSv4 tree endures.
    version: 'NFSv3',
  });
  return { id: WITNESS_ID, text, path };
}

function linesOf(entries: readonly ExportEntry[]): string[] {
  return entries.flatMap((entry, index) => {
    const texts = exportParts(entry, keywordsOf(LINES_EACH * index)).map(({ text }) => text);
    return texts.length === LINES_EACH ? texts : ['# kept', ...texts];
  });
}

/**
 * The folder around the path of an entry, then the path. Ganesha hides an export from those who may not mount it, and shows a folder
 * that is none to all: without the first of the two every node would be told the names of all others.
 * @param spell how keywords are written
 */
export function exportParts(
  { id, name, client, imagePath, uid }: ExportEntry,
  spell = (word: string) => word,
): readonly ExportPart[] {
  if (uid !== undefined) {
    const pseudo = sharePath(name);
    return [{ id, text: shareLine({ id, path: imagePath, pseudo, client, spell, uid }) }];
  }
  const folder = { id: folderId({ id }), path: nodeFolder(name), client, spell };
  const image = { id, path: imagePath, pseudo: mountPath(name), client, spell };
  return [
    { id: folder.id, text: folderLine(folder) },
    { id, text: imageLine(image) },
  ];
}

/** @param line of the exports file, from 1 */
export function entryOfLine(
  entries: readonly ExportEntry[],
  line: number,
): ExportEntry | undefined {
  return entries[Math.ceil(line / LINES_EACH) - 1];
}

type ExportLine = {
  readonly id: number;
  readonly path: string;
  readonly pseudo: string;
  readonly client: string;
  /** the only version of NFS that has it; both unless given */
  readonly version?: 'NFSv3' | 'NFSv4';
  readonly spell?: (word: string) => string;
  /** the user whose files a client may write; only readable unless given */
  readonly uid?: number;
};

function imageLine(line: ExportLine): string {
  return exportLine(line, 'VFS');
}

/**
 * What a node may write. By NFSv3 alone: that has no state which a ganesha that starts anew would have to be told again. Whoever
 * writes, root too, is the owner's user here.
 */
function shareLine({ uid, ...line }: ExportLine & { readonly uid: number }): string {
  return exportLine({ ...line, version: 'NFSv3', uid }, 'VFS');
}

/** A folder of NFSv4 that is nowhere on a disk. Two of one `Path` end ganesha, so it is that of the mount. */
function folderLine(line: Omit<ExportLine, 'pseudo' | 'version'>): string {
  return exportLine({ ...line, pseudo: line.path, version: 'NFSv4' }, 'PSEUDO');
}

function exportLine(
  { id, path, pseudo, client, version, uid, spell = (word) => word }: ExportLine,
  fsal: 'VFS' | 'PSEUDO',
): string {
  const paths = `${spell('Path')} = ${quoted(path)}; ${spell('Pseudo')} = ${quoted(pseudo)};`;
  const only = version === undefined ? '' : ` ${spell('Protocols')} = ${spell(version)};`;
  const files = `${spell('FSAL')} { ${spell('Name')} = ${spell(fsal)}; }`;
  const type = uid === undefined ? 'RO' : 'RW';
  const squash =
    uid === undefined
      ? ''
      : ` Squash = All_Squash; Anonymous_Uid = ${uid}; Anonymous_Gid = ${uid};`;
  const access = `${spell('Clients')} = ${client}; ${spell('Access_Type')} = ${spell(type)};`;
  const rights = `${spell('CLIENT')} { ${access}${squash} }`;
  return `${spell('EXPORT')} { ${spell('Export_Id')} = ${id}; ${paths}${only} ${files} ${rights} }`;
}

/** A double-quoted string of ganesha's: a backslash makes the next character an ordinary one. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
