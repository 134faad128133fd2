// What ganesha's log says about exports it refused.

export type Complaint = {
  /** Line of the exports file, from 1. */
  readonly line: number;
  readonly reason: string;
};

/** Reads log text: reasons come first, then the line of the file they are about. */
export function exportComplaints(log: string, exportsFile: string): Complaint[] {
  const complaints: Complaint[] = [];
  let reasons: string[] = [];
  for (const entry of log.split('\n')) {
    const [, message] = / :(?:CRIT|MAJ|FATAL) :(.*)$/.exec(entry) ?? [];
    if (!message) continue;
    const line = lineIn(message, exportsFile);
    if (line === undefined) {
      reasons.push(message.trim());
      continue;
    }
    const isNew = complaints.every((complaint) => complaint.line !== line);
    if (isNew) complaints.push({ line, reason: reasons.join('; ') || message.trim() });
    reasons = [];
  }
  return complaints;
}

function lineIn(message: string, exportsFile: string): number | undefined {
  const start = message.indexOf(`(${exportsFile}:`);
  if (start < 0) return undefined;
  const line = Number.parseInt(message.slice(start + exportsFile.length + 2), 10);
  return Number.isNaN(line) ? undefined : line;
}
