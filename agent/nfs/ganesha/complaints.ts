// What ganesha's log says about exports it refused.
import { mountPath, nodeFolder } from '../export.ts';
import { entryOfLine } from './configuration/config.ts';
import { type ExportEntry, folderId } from './configuration/export-table.ts';

/** One export that ganesha refused, and why. */
export type Complaint = {
  /** The one that it is told of: itself, or the folder around it. */
  readonly entry: ExportEntry;
  readonly reason: string;
};

/** What ganesha was told: the file, and the exports in it, one a line. */
export type Told = { readonly exportsFile: string; readonly entries: readonly ExportEntry[] };

/** What only repeats that the export before was refused. */
const ECHO = /^(fsal_export is NULL|init_export_root failed)$/;

/**
 * Reads log text: reasons come first, then what they are about. Version 4 names the line of the file once it has read all
 * of it; version 6 does so only when it starts, but both name the export's number or its mount path at once.
 */
export function exportComplaints(log: string, told: Told): Complaint[] {
  const complaints: Complaint[] = [];
  let reasons: string[] = [];
  for (const message of log.split('\n').map(complaintIn)) {
    if (message === undefined || ECHO.test(message)) continue;
    const entry = entryIn(message, told);
    if (entry === undefined) {
      reasons.push(message);
      continue;
    }
    const isNew = complaints.every((complaint) => complaint.entry !== entry);
    if (isNew) complaints.push({ entry, reason: reasons.join('; ') || message });
    reasons = [];
  }
  return complaints;
}

/** Whether ganesha said that it refused exports, be it without naming them. */
export function hasRefused(log: string): boolean {
  return log.includes(':Error while parsing EXPORT entries');
}

function complaintIn(entry: string): string | undefined {
  return / :(?:CRIT|MAJ|FATAL) :(.*)$/.exec(entry)?.[1]?.trim() || undefined;
}

function entryIn(message: string, { exportsFile, entries }: Told): ExportEntry | undefined {
  const start = message.indexOf(`(${exportsFile}:`);
  if (start >= 0) {
    const line = Number.parseInt(message.slice(start + exportsFile.length + 2), 10);
    return Number.isNaN(line) ? undefined : entryOfLine(entries, line);
  }
  const [, id] = /\bExportId=(\d+) /.exec(message) ?? [];
  return entries.find(
    (entry) =>
      [entry.id, folderId(entry)].map(String).includes(id ?? '') ||
      [mountPath, nodeFolder].some((pathOf) =>
        message.includes(`export for (${pathOf(entry.name)}) to (`),
      ),
  );
}
