// All the commands of `walt`. Help, completion and the parser are made from this table.
import type { Command } from './command.ts';
import { deviceRename } from './commands/device-rename.ts';
import { deviceShow } from './commands/device-show.ts';
import { dumpBashAutocomplete } from './commands/dump-bash-autocomplete.ts';
import { helpList } from './commands/help-list.ts';
import { helpShow } from './commands/help-show.ts';
import { imageGc } from './commands/image-gc.ts';
import { imageImport } from './commands/image-import.ts';
import { imageShow } from './commands/image-show.ts';
import { logShow } from './commands/log-show.ts';
import { nodeAcquire } from './commands/node-acquire.ts';
import { nodeBoot, nodeDeploy } from './commands/node-boot.ts';
import { nodeReboot } from './commands/node-reboot.ts';
import { nodeRelease } from './commands/node-release.ts';
import { nodeShow } from './commands/node-show.ts';
import { nodeWait } from './commands/node-wait.ts';

export const commands: readonly Command[] = [
  imageShow,
  imageImport,
  imageGc,
  nodeShow,
  nodeAcquire,
  nodeBoot,
  nodeDeploy,
  nodeRelease,
  nodeWait,
  nodeReboot,
  logShow,
  deviceShow,
  deviceRename,
  dumpBashAutocomplete(() => commands),
  helpShow,
  helpList,
];
