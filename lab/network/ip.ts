// `ip` of iproute2, which makes and changes all networks of the lab.
import { succeed } from '../programs/run-program.ts';

/**
 * A ctrl-C reaches the whole process group of a terminal; what makes or removes a network has to finish all the same.
 * @returns what it printed
 * @throws {Error} with what it said, when it fails
 */
export async function ip(...args: readonly string[]): Promise<string> {
  const { stdout } = await succeed(['ip', ...args], { isDetached: true });
  return stdout.toString();
}
