// Reboots nodes, and says of each as soon as it is done.
import type { Asked, Client } from './client.ts';
import type { Io } from './command-line/command.ts';
import { Progress } from './texts/progress.ts';

/** @returns a sentence for each node that was not rebooted */
export async function rebootNodes(
  asked: Asked<'nodes.reboot'>,
  { client, io }: { readonly client: Client; readonly io: Pick<Io, 'out' | 'note'> },
): Promise<string[]> {
  const failures: string[] = [];
  const progress = new Progress(asked.names.length, io);
  for await (const line of client.lines('nodes.reboot', asked)) {
    if (line.kind === 'done') break;
    const { name, error } = line;
    progress.step();
    if (error === null) io.out(`Node ${name}: rebooted ok.`);
    else failures.push(`Node ${name}: not rebooted: ${error}`);
  }
  return failures;
}
