// Runs the plan of a medium in a folder of its own, and says what came out: every medium ends in this same record.
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Places } from '../inputs/fetch.ts';
import { $ } from '../run.ts';
import type { Plan } from '../steps/plan.ts';
import { runStep } from '../steps/run-step.ts';
import { SOURCE_DATE } from '../steps/source-date.ts';

/** What was built: the path of the file, its length in bytes and its SHA-256 in hex. */
export type Built = { readonly file: string; readonly bytes: number; readonly sha256: string };

/** Folders that a build of media reads and writes, as absolute paths. */
export type BuildOptions = {
  /** The project's folder, which has boot-artifacts/. */
  readonly root: string;
  readonly places: Places;
  /** Where the output goes; made if missing. */
  readonly to: string;
  /** Folders to look for programs in, as in the environment variable. */
  readonly path: string;
};

/** Builds a medium. The output appears whole or not at all; a failed build leaves nothing behind. */
export async function buildMedium(plan: Plan, options: BuildOptions): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-medium-'));
  try {
    const tools = plan.tools.map((tool) => join(folder, tool));
    const env = {
      PATH: [...tools, options.path].join(delimiter),
      TZ: 'UTC',
      LC_ALL: 'C',
      SOURCE_DATE_EPOCH: String(SOURCE_DATE),
    };
    const build = {
      folder,
      artifacts: join(options.root, 'boot-artifacts'),
      places: options.places,
      $: $({ cwd: folder, env }),
    };
    for (const step of plan.steps) await runStep(step, build);
    if (plan.folder !== undefined) {
      await publishFolder(join(folder, plan.folder), join(options.to, plan.folder));
    }
    return await publish(join(folder, plan.output), join(options.to, plan.output), options.to);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Between the two renames there is no folder: whoever asks for a file just then asks again. */
async function publishFolder(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${randomUUID()}`;
  await cp(from, unfinished, { recursive: true });
  const old = `${to}.${randomUUID()}`;
  await rename(to, old).catch(ignoreMissing);
  await rename(unfinished, to);
  await rm(old, { recursive: true, force: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

async function publish(from: string, file: string, folder: string): Promise<Built> {
  await mkdir(folder, { recursive: true });
  // The build's folder may be on another file system: copy beside the target, then rename.
  const unfinished = `${file}.${randomUUID()}`;
  await copyFile(from, unfinished);
  await rename(unfinished, file);
  const content = await readFile(file);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { file, bytes: content.length, sha256 };
}
