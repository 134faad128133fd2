// Labs that end with the test, and waiting for what happens in them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { ExecutionContext } from 'ava';
import { type Lab, makeLab, type Settings } from '../../lab/lab.ts';
import { succeed } from '../../lab/programs/run-program.ts';

/** @param name unlike that of any other test; at most 8 characters */
export async function openLab(
  t: ExecutionContext,
  name: string,
  settings: Settings = {},
  options: Parameters<typeof makeLab>[2] = {},
): Promise<Lab> {
  const lab = await makeLab(name, settings, options);
  t.teardown(() => lab.close());
  // Teardowns run last one first: nothing has ended yet, and `passed` is final.
  t.teardown(async () => {
    if (!t.passed) t.log(await lastWords(lab.folder));
  });
  return lab;
}

const LAST_LINES = 40;

/** The ends of what the server and the machines of a lab have printed, for whoever reads of a failure elsewhere. */
async function lastWords(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log')).toSorted();
  const texts = names.map(async (name) => {
    const lines = stripVTControlCharacters(await readFile(join(folder, name), 'utf8')).split(
      /[\r\n]+/,
    );
    return [`end of ${name}:`, ...lines.filter(Boolean).slice(-LAST_LINES)].join('\n  ');
  });
  return (await Promise.all(texts)).join('\n');
}

/** Asks again and again until `isSo`, with a bound; the last answer otherwise explains the failure. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  isSo: (answer: Answer) => boolean,
  seconds: number,
): Promise<Answer> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > end) {
      throw new Error(`Not so within ${seconds} s; the last answer was ${JSON.stringify(answer)}`);
    }
    await sleep(250);
  }
}

/** A folder where an image is mounted, as a process of the lab's server sees it: the mount is in a namespace of its own. */
export async function asServerSees(lab: Lab, folder: string): Promise<string> {
  const { stdout } = await succeed(['ip', 'netns', 'pids', lab.namespace.name]);
  for (const pid of stdout.toString().split('\n').filter(Boolean)) {
    const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '');
    if (mounts.includes(` ${folder} `)) return `/proc/${pid}/root${folder}`;
  }
  return folder;
}
