// All the commands of `walt`. Help, completion and the parser are made from this table.
import type { Command } from './command-line/command.ts';
import { complete } from './commands/complete.ts';
import { deviceConfig } from './commands/device/config.ts';
import { deviceCredentials } from './commands/device/credentials.ts';
import { deviceForget } from './commands/device/forget.ts';
import { devicePortConfig } from './commands/device/port-config.ts';
import { deviceRename } from './commands/device/rename.ts';
import { deviceRescan } from './commands/device/rescan.ts';
import { deviceShell } from './commands/device/shell.ts';
import { deviceShow } from './commands/device/show.ts';
import { deviceTree } from './commands/device/tree.ts';
import { doctor } from './commands/doctor.ts';
import { dumpBashAutocomplete, dumpZshAutocomplete } from './commands/dump-autocomplete.ts';
import { helpList } from './commands/help/list.ts';
import { helpShow } from './commands/help/show.ts';
import { imageBuild } from './commands/image/build.ts';
import { imageClone } from './commands/image/clone.ts';
import { imageCp } from './commands/image/cp.ts';
import { imageDuplicate } from './commands/image/duplicate.ts';
import { imageGc } from './commands/image/gc.ts';
import { imageImport } from './commands/image/import.ts';
import { imagePublish } from './commands/image/publish.ts';
import { imageRemove } from './commands/image/remove.ts';
import { imageRename } from './commands/image/rename.ts';
import { imageSearch } from './commands/image/search.ts';
import { imageShell } from './commands/image/shell.ts';
import { imageShow } from './commands/image/show.ts';
import { imageSquash } from './commands/image/squash.ts';
import {
  logAddCheckpoint,
  logListCheckpoints,
  logRemoveCheckpoint,
} from './commands/log/checkpoints.ts';
import { logShow } from './commands/log/show.ts';
import { logWait } from './commands/log/wait.ts';
import { mediaGet } from './commands/media/get.ts';
import { mediaShow } from './commands/media/show.ts';
import { mediaWrite } from './commands/media/write.ts';
import { nodeBlink } from './commands/node/access/blink.ts';
import { nodeConsole } from './commands/node/access/console.ts';
import { nodeCp } from './commands/node/access/cp.ts';
import { nodeExpose } from './commands/node/access/expose.ts';
import { nodeRun } from './commands/node/access/run.ts';
import { nodeSave } from './commands/node/access/save.ts';
import { nodeShell } from './commands/node/access/shell.ts';
import { nodeAcquire } from './commands/node/acquire.ts';
import { nodeBoot, nodeDeploy } from './commands/node/boot.ts';
import { nodeConfig } from './commands/node/config.ts';
import { nodeCreate } from './commands/node/create.ts';
import { nodePower } from './commands/node/power.ts';
import { nodeReboot } from './commands/node/reboot.ts';
import { nodeRelease } from './commands/node/release.ts';
import { nodeRemove } from './commands/node/remove.ts';
import { nodeRename } from './commands/node/rename.ts';
import { nodeShow } from './commands/node/show.ts';
import { nodeWait } from './commands/node/wait.ts';
import { devicePing, nodePing } from './commands/ping.ts';
import { advancedSql } from './commands/sql.ts';
import { tokenCreate, tokenList, tokenRevoke } from './commands/token/tokens.ts';
import { updateDefaultImages } from './commands/update-default-images.ts';
import { login, logout } from './commands/user/login.ts';
import { userConfig, userCreate, userRemove, userShow } from './commands/user/users.ts';

export const commands: readonly Command[] = [
  imageShow,
  imageSearch,
  imageClone,
  imageImport,
  imageDuplicate,
  imageRename,
  imageRemove,
  imageCp,
  imageShell,
  imageBuild,
  imageSquash,
  imagePublish,
  imageGc,
  nodeShow,
  nodeCreate,
  nodeRemove,
  nodeAcquire,
  nodeBoot,
  nodeDeploy,
  nodeRelease,
  nodeWait,
  nodeReboot,
  nodePower,
  nodeConfig,
  nodeRename,
  nodePing,
  nodeShell,
  nodeRun,
  nodeCp,
  nodeSave,
  nodeConsole,
  nodeExpose,
  nodeBlink,
  mediaShow,
  mediaGet,
  mediaWrite,
  logShow,
  logWait,
  logAddCheckpoint,
  logListCheckpoints,
  logRemoveCheckpoint,
  deviceShow,
  deviceRename,
  deviceConfig,
  deviceForget,
  deviceTree,
  deviceRescan,
  devicePortConfig,
  deviceCredentials,
  devicePing,
  deviceShell,
  login,
  logout,
  userCreate,
  userShow,
  userConfig,
  userRemove,
  tokenCreate,
  tokenList,
  tokenRevoke,
  dumpBashAutocomplete(() => commands),
  dumpZshAutocomplete(() => commands),
  complete,
  updateDefaultImages,
  advancedSql,
  doctor,
  helpShow,
  helpList,
];
