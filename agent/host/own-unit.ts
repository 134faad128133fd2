// Programs that outlive the server: where systemd runs, each in a unit of its own, since systemd ends with the server's unit
// what is in it.
import { access, readlink } from 'node:fs/promises';
import { runProgram } from './program.ts';

type Unit = {
  /** without `.service`; a unit of this name that failed is replaced */
  readonly name: string;
  readonly description: string;
};

/** A unit is in the network of the machine itself: a server in another one has to start its programs by itself. */
export async function hasSystemd(): Promise<boolean> {
  const isThere = await access('/run/systemd/system').then(
    () => true,
    () => false,
  );
  if (!isThere) return false;
  const [own, first] = await Promise.all(
    ['self', '1'].map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => '')),
  );
  return own === first;
}

/**
 * Starts a command as a unit, which is forgotten when the command has ended.
 * @throws {WaltError} with what systemd-run said
 */
export async function startUnit(
  { name, description }: Unit,
  command: readonly string[],
): Promise<void> {
  const options = ['--collect', '--quiet', `--unit=${name}`, '--service-type=exec'];
  const properties = [`Description=${description}`, 'KillMode=mixed'];
  await runProgram('systemd-run', [
    ...options,
    ...properties.map((property) => `--property=${property}`),
    '--',
    ...command,
  ]);
}
