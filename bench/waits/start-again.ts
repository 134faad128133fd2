// `npm start` on a machine where it ran before: all is built, and its server has the image. Without a virtual node, whose boot would be most of it.
import { join } from 'node:path';
import { succeed } from '../../lab/programs/run-program.ts';
import { median } from '../harness/compare.ts';
import { seconds } from '../harness/seconds.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The first one builds what is missing and imports the image. */
const LONG = { seconds: 3600 };

/** @param folder a new one, for the state of the platform. @returns seconds until it says that the platform is there; the median */
export async function startedAgain(folder: string, rounds: number): Promise<number> {
  const own = ['--state', join(folder, 'platform'), '--namespace', `walt-bench-${process.pid}`];
  const npm = (name: string, ...words: string[]) =>
    succeed(['npm', '--prefix', ROOT, '--silent', name, '--', ...words, ...own], LONG);
  const start = () => npm('start', '--no-node', '--detach', '--address', '10.67.0.1/24');
  const took: number[] = [];
  await start();
  try {
    for (let round = 0; round < rounds; round += 1) {
      await npm('stop');
      took.push(await seconds(start));
    }
  } finally {
    await npm('stop');
  }
  return median(took);
}
