// `walt node config`: shows or changes settings of nodes.
import type { Command } from '../../command-line/command.ts';
import { configCommand } from '../../settings/config-command.ts';

export const nodeConfig: Command = configCommand({
  category: 'node',
  noun: 'Node',
  help: 'show settings of nodes, or change them',
  shows: 'nodes.settings',
  changes: 'nodes.config',
});
