// Tells the kernel's NFS server of single exports: `exportfs -r` goes through all of them, and lets the kernel try each.
import { runProgram } from '../../host/processes/program.ts';
import { exportLine, type KernelExport } from './exports.ts';

/** Each is looked for among all; many are told sooner by reading the file. */
const MOST_CHANGES = 50;

/** Of what is exported already exportfs then reads its own table alone, and not the files of exports(5) too, which takes as long again. */
const IGNORE_FILES = ['-i'];

/** What is to be told, as arguments of exportfs(8), one program each. */
export type Commands = readonly (readonly string[])[];

/**
 * What leads from one table to the other. New ones come before old ones go.
 * @returns undefined where the whole file is to be read: much is another, or an export has other options than before
 */
export function exportCommands(
  before: readonly KernelExport[],
  after: readonly KernelExport[],
): Commands | undefined {
  const added = without(after, before);
  const removed = without(before, after);
  if (added.length + removed.length > MOST_CHANGES) return undefined;
  const places = new Set(added.map(placeOf));
  if (removed.some((each) => places.has(placeOf(each)))) return undefined;
  const groups = Map.groupBy(added, ({ options }) => options);
  const commands = [...groups].map(([options, each]) => [
    ...IGNORE_FILES,
    ...['-o', options],
    ...each.map(placeOf),
  ]);
  if (removed.length > 0) commands.push(['-u', ...removed.map(placeOf)]);
  return commands;
}

/** @throws {WaltError} with its words, if exportfs does not take one of them */
export async function runCommands(commands: Commands): Promise<void> {
  for (const words of commands) await runProgram('exportfs', words);
}

function without(all: readonly KernelExport[], others: readonly KernelExport[]): KernelExport[] {
  const lines = new Set(others.map(exportLine));
  return all.filter((each) => !lines.has(exportLine(each)));
}

/** As exportfs(8) names one; it takes paths as they are. */
function placeOf({ client, path }: KernelExport): string {
  return `${client}:${path}`;
}
