// `walt device config`: shows or changes settings of devices, be they nodes or not.
import type { Command } from '../../command-line/command.ts';
import { configCommand } from '../../settings/config-command.ts';

export const deviceConfig: Command = configCommand({
  category: 'device',
  noun: 'Device',
  help: 'show settings of devices, or change them',
  shows: 'devices.settings',
  changes: 'devices.config',
});
