// An image may have vanished from the disk; an NFS server told to export it would refuse more than that.
import { stat } from 'node:fs/promises';
import { messageOf } from '../errors.ts';

/** Those whose image is there, and what is wrong with the image of each of the others. */
export async function withImages<T extends { readonly imagePath: string }>(
  exports: readonly T[],
): Promise<{ present: T[]; missing: { each: T; problem: string }[] }> {
  const problems = new Map<string, string | undefined>();
  for (const path of new Set(exports.map(({ imagePath }) => imagePath))) {
    problems.set(path, await problemOf(path));
  }
  return {
    present: exports.filter(({ imagePath }) => problems.get(imagePath) === undefined),
    missing: exports.flatMap((each) => {
      const problem = problems.get(each.imagePath);
      return problem === undefined ? [] : [{ each, problem }];
    }),
  };
}

/** One sentence for each node that cannot have its image. */
export function missingText(
  missing: readonly { each: { ip: string; imagePath: string }; problem: string }[],
): string[] {
  return missing.map(
    ({ each, problem }) => `Cannot export ${each.imagePath} to ${each.ip}: ${problem}`,
  );
}

function problemOf(path: string): Promise<string | undefined> {
  return stat(path).then(
    (stats) => (stats.isDirectory() ? undefined : 'it is not a folder'),
    (error: unknown) => messageOf(error),
  );
}
