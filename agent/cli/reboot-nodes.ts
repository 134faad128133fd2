// Reboots nodes, and says of each as soon as it is done.
import type { Asked, Client } from './client.ts';
import type { Io } from './command-line/command.ts';

/** @returns a sentence for each node that was not rebooted */
export async function rebootNodes(
  asked: Asked<'nodes.reboot'>,
  { client, io }: { readonly client: Client; readonly io: Pick<Io, 'out'> },
): Promise<string[]> {
  const failures: string[] = [];
  for await (const line of client.lines('nodes.reboot', asked)) {
    if (line.kind === 'done') break;
    const { name, error } = line;
    if (error === null) io.out(`Node ${name}: rebooted ok.`);
    else failures.push(`Node ${name}: not rebooted: ${error}`);
  }
  return failures;
}
