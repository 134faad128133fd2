// Tells a running nfs-ganesha of single exports, which takes as long whatever it serves: ganesha-dbus-ops, `ExportMgr`.
import { writeWholeFile } from '../../../host/files/whole-file.ts';
import { type ExportPart, exportParts } from '../configuration/config.ts';
import type { ExportEntry, ExportTable } from '../configuration/export-table.ts';
import { BusConnection } from './bus-connection.ts';

const EXPORT_MANAGER = {
  destination: 'org.ganesha.nfsd',
  path: '/org/ganesha/nfsd/ExportMgr',
  interface: 'org.ganesha.nfsd.exportmgr',
} as const;

/** What has to go, and what comes then, each in the order in which ganesha is told. */
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
  const texts = added.map(({ text }) => `${text}\n`).join('');
  await writeWholeFile(file, texts, { isLasting: false });
  const bus = await BusConnection.open(socket);
  try {
    for (const id of removed) {
      await bus.call({ ...EXPORT_MANAGER, member: 'RemoveExport', arguments: [id] });
    }
    for (const { id } of added) {
      const which = `EXPORT(Export_Id=${id})`;
      await bus.call({ ...EXPORT_MANAGER, member: 'AddExport', arguments: [file, which] });
    }
  } finally {
    bus.close();
  }
}
