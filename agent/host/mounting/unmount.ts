// Takes a mount away.
import { runProgram } from '../processes/program.ts';

/**
 * Also where something is open in it: then it is gone from here at once, and from the machine when it is closed.
 * @param options.files as of `mountErofs`
 * @throws {WaltError} with the reason of umount(8)
 */
export async function unmount(
  place: string,
  options: { readonly files?: readonly number[] } = {},
): Promise<void> {
  await runProgram('umount', ['--no-canonicalize', '--lazy', place], options);
}
