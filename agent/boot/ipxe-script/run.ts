// What a command may see and change while a script is interpreted.
import type { Ending } from './ending.ts';
import type { ScriptFiles } from './files.ts';
import type { LoadedImages } from './images.ts';
import type { ScriptMachine } from './machine.ts';
import type { Menus } from './menus.ts';
import type { Settings } from './settings.ts';

/** The state of the script that runs, for the commands of one of its files. */
export type Run = {
  readonly machine: ScriptMachine;
  readonly files: ScriptFiles;
  readonly settings: Settings;
  readonly images: LoadedImages;
  readonly menus: Menus;
  /** path below /boot/<model>/ of a URI, as seen from the script that runs */
  readonly locate: (uri: string) => string | undefined;
  /** runs another script; its end is that of the command which called it */
  readonly script: (path: string, text: string) => Promise<Ending>;
};
