// Runs what the words of the command line ask for.
import type { Client } from '../client.ts';
import { commands } from '../commands.ts';
import { commandsJson } from '../help/commands-json.ts';
import { categoryHelp, commandHelp, overview } from '../help/help-text.ts';
import { versionText } from '../help/version-text.ts';
import type { Io } from './command.ts';
import { parse } from './parse.ts';

/** @throws {CommandError} whose message is for the person who typed them */
export async function runCommandLine(
  argv: readonly string[],
  { client, io }: { readonly client: Client; readonly io: Io },
): Promise<void> {
  const parsed = parse(argv, commands);
  if (parsed.kind === 'run') return await parsed.command.run(client, parsed.args, io);
  if (parsed.kind === 'version') return io.out(await versionText(client, parsed));
  if (parsed.kind === 'table') return io.out(commandsJson(commands));
  const { category, command } = parsed;
  if (command !== undefined) return io.out(commandHelp(command));
  io.out(category === undefined ? overview(commands) : categoryHelp(category, commands));
}
