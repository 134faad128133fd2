// Tells a running nfs-ganesha of single exports, which takes as long whatever it serves: ganesha-dbus-ops, `ExportMgr`. `AddExport` takes all
// exports of a file that have the same value somewhere. A hundred that come so take 15 ms of ganesha, and 170 one by one, since it reads the
// whole file for each.
import { WaltError } from '../../../errors.ts';
import { writeWholeFile } from '../../../host/files/whole-file.ts';
import { type ExportPart, exportParts } from '../configuration/config.ts';
import type { ExportEntry, ExportTable } from '../configuration/export-table.ts';
import { BusConnection } from './bus-connection.ts';

const EXPORT_MANAGER = {
  destination: 'org.ganesha.nfsd',
  path: '/org/ganesha/nfsd/ExportMgr',
  interface: 'org.ganesha.nfsd.exportmgr',
} as const;

/** Exports of one call: ganesha's time to read a file grows with the square of their number (`keywords.ts`). */
const MOST_A_CALL = 200;
/** To have its table read anew takes no longer than so many calls. */
const MOST_ALONE = 100;
/** What all exports of a call have in common, and have anyway (`EXPORT_DEFAULTS`). */
const COMMON = 'SecType = sys';
const ALL = 'EXPORT(SecType=sys)';

/** What has to go, and what comes then, each in the order in which ganesha is told. The last that comes says that all others are there. */
export type ExportChanges = {
  readonly removed: readonly number[];
  readonly added: readonly ExportPart[];
};

/** An export that is the same in both tables stays untouched: nodes read from it. */
export function exportChanges(before: ExportTable, after: ExportTable): ExportChanges {
  const behind = (table: ExportTable) => new Set(table.entries.map(keyOf));
  const [old, wanted] = [behind(before), behind(after)];
  const gone = before.entries.filter((entry) => !wanted.has(keyOf(entry)));
  const come = after.entries.filter((entry) => !old.has(keyOf(entry)));
  return {
    // The folder around an image goes last and comes first.
    removed: gone.flatMap((entry) => exportParts(entry).toReversed()).map(({ id }) => id),
    added: come.flatMap((entry) => exportParts(entry)),
  };
}

function keyOf({ id, name, imagePath, client, uid }: ExportEntry): string {
  return [id, name, client, uid, imagePath].join(' ');
}

/**
 * Makes the changes.
 * @param socket of the bus on which ganesha is
 * @param file that is written for ganesha to read, by its absolute path without double quotes
 * @throws {WaltError} if ganesha refuses one, or is not there: then some may have been made
 */
export async function changeExports(
  { removed, added }: ExportChanges,
  { socket, file }: { readonly socket: string; readonly file: string },
): Promise<void> {
  const bus = await BusConnection.open(socket);
  try {
    for (const id of removed) {
      await bus.call({ ...EXPORT_MANAGER, member: 'RemoveExport', arguments: [id] });
    }
    for (const parts of callsFor(added)) await addAll(bus, parts, file);
  } finally {
    bus.close();
  }
}

/**
 * What comes, by the calls that tell of it. The last one has a call of its own: ganesha goes on behind an export that it takes for
 * one that is there already, and behind all that it refuses after that, so that it is known only then whether all others came.
 */
export function callsFor(added: readonly ExportPart[]): readonly (readonly ExportPart[])[] {
  const calls: (readonly ExportPart[])[] = [];
  for (let at = 0; at < added.length - 1; at += MOST_A_CALL) {
    calls.push(added.slice(at, Math.min(at + MOST_A_CALL, added.length - 1)));
  }
  return added.length === 0 ? [] : [...calls, added.slice(-1)];
}

/** They come in this order: the folder around an image before it. A ganesha that does not take them together is told of each. */
async function addAll(bus: BusConnection, parts: readonly ExportPart[], file: string) {
  const texts = parts.map(({ text }) => `${text.replace('{', `{ ${COMMON};`)}\n`);
  await writeWholeFile(file, texts.join(''), { isLasting: false });
  const add = async (which: string) =>
    await bus.call({ ...EXPORT_MANAGER, member: 'AddExport', arguments: [file, which] });
  const answer = await add(ALL).catch((reason: unknown) => {
    if (parts.length > MOST_ALONE) throw reason;
  });
  if (answer === undefined) {
    for (const { id } of parts) await add(`EXPORT(Export_Id=${id})`);
    return;
  }
  const count = Number.parseInt(answer, 10);
  if (count === parts.length || Number.isNaN(count)) return;
  throw new WaltError(`Cannot export to ${parts.length} clients: nfs-ganesha says ${answer}`);
}
