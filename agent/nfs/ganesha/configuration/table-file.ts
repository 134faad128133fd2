// The export table on disk: export numbers must be the same after a restart.
import { WaltError } from '../../../errors.ts';
import { textOf } from '../../../host/files/text-of.ts';
import { writeWholeFile } from '../../../host/files/whole-file.ts';
import { type ExportTable, HIGHEST_ID, NO_EXPORTS } from './export-table.ts';

/**
 * Without the entries whose numbers were good for earlier versions alone: their nodes get new ones.
 * @throws {WaltError} if the file was damaged
 */
export async function readTable(path: string): Promise<ExportTable> {
  const text = await textOf(path);
  if (text === '') return NO_EXPORTS;
  const table: unknown = parse(text, path);
  if (isTable(table))
    return { ...table, entries: table.entries.filter(({ id }) => id <= HIGHEST_ID) };
  throw new WaltError(
    `Cannot read export numbers: ${path} is damaged. Delete it and reboot the nodes`,
  );
}

/** Leaves the old table or the new one on disk, whole, whenever the machine stops. */
export function writeTable(path: string, table: ExportTable): Promise<void> {
  return writeWholeFile(path, `${JSON.stringify(table)}\n`);
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WaltError(
      `Cannot read export numbers: ${path} is damaged. Delete it and reboot the nodes`,
      { cause },
    );
  }
}

function isTable(value: unknown): value is ExportTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    'lastId' in value &&
    typeof value.lastId === 'number' &&
    'entries' in value &&
    Array.isArray(value.entries)
  );
}
