// Leaves out the updates that the mirror cannot serve just now: an image without them is better than none, and is said.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ } from '../../run.ts';

/** A mirror between two states of an index is often whole again by then. */
const PAUSE_SECONDS = 20;

/**
 * The lines of a sources list but for those of updates whose index apt refuses, also when asked again. The first line is
 * Debian itself and stays: without it there is nothing to install.
 */
export async function usableSources(
  lines: readonly string[],
  options: {
    readonly architecture: string;
    readonly say: (text: string) => void;
    readonly pauseSeconds?: number;
  },
): Promise<string[]> {
  const { architecture, say, pauseSeconds = PAUSE_SECONDS } = options;
  const [main, ...updates] = lines;
  if (main === undefined) return [];
  const usable = [main];
  for (const line of updates) {
    let problem = await problemOf(line, architecture);
    if (problem !== undefined) {
      await sleep(pauseSeconds * 1000);
      problem = await problemOf(line, architecture);
    }
    if (problem === undefined) usable.push(line);
    else
      say(
        `LEFT OUT, since the mirror's index is not usable: ${line} (${architecture})\n${problem}`,
      );
  }
  return usable;
}

/** What apt says against the line, if anything. The host's own lists stay as they are. */
async function problemOf(line: string, architecture: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-sources-'));
  try {
    await mkdir(join(folder, 'lists/partial'), { recursive: true });
    await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
    await writeFile(join(folder, 'sources.list'), `${line}\n`);
    const settings = [
      `Dir::State::lists=${folder}/lists`,
      `Dir::Cache=${folder}/cache`,
      `Dir::Etc::sourcelist=${folder}/sources.list`,
      'Dir::Etc::sourceparts=-',
      `APT::Architecture=${architecture}`,
      `APT::Architectures=${architecture}`,
      'APT::Sandbox::User=root',
      'Acquire::Languages=none',
      'Acquire::Retries=1',
    ].flatMap((setting) => ['-o', setting]);
    const { exitCode, stderr } = await $({
      nothrow: true,
    })`apt-get -q ${settings} update --error-on=any`;
    if (exitCode === 0) return undefined;
    return stderr.split('\n').slice(0, 4).join('\n').trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
