// The commands of menus, as far as they matter when nobody sits at the keyboard: which item is chosen once the time is up
// (iPXE's src/hci/commands/dynui_cmd.c and src/hci/tui/menu_ui.c).
import type { Given } from '../arguments.ts';
import { DONE, type Ending, failed } from '../ending.ts';
import type { MenuItem } from '../menus.ts';
import type { Run } from '../run.ts';

/** `menu`: begins a menu, or with `--delete` takes it away. */
export function makeMenu({ menus }: Run, { options }: Given): Ending {
  const name = options.get('name') ?? '';
  if (options.has('delete')) menus.remove(name);
  else menus.create(name);
  return DONE;
}

/** `item`: one without label, or with `--gap`, is a line between items. */
export function addItem({ menus }: Run, { options, words: [label] }: Given): Ending {
  const items = menus.itemsOf(options.get('menu') ?? '');
  if (items === undefined) return failed('there is no such menu');
  if (label !== undefined && !options.has('gap')) {
    items.push({ label, isDefault: options.has('default') });
  }
  return DONE;
}

/** `choose`: sets the setting to the label of the item that is chosen. */
export function choose(run: Run, { options, words: [setting = ''] }: Given): Ending {
  const name = options.get('menu') ?? '';
  const items = run.menus.itemsOf(name);
  if (items === undefined) return failed('there is no such menu');
  if (!options.has('keep')) run.menus.remove(name);
  const item = untouched(items, options.get('default'));
  if (item === undefined) return failed('the menu has no item to choose');
  const timeout = timeoutOf(options);
  if (timeout === undefined) return failed('its timeout is no number');
  if (timeout === 0) {
    return {
      kind: 'endless',
      why: 'it waits for somebody to choose: add --timeout, in milliseconds',
    };
  }
  run.settings.set(setting, item.label);
  return DONE;
}

/** The item on which the bar stands at the beginning. */
function untouched(items: readonly MenuItem[], wanted: string | undefined): MenuItem | undefined {
  const isWanted = (item: MenuItem) =>
    wanted === undefined ? item.isDefault : item.label === wanted;
  return items.findLast(isWanted) ?? items[0];
}

/** Asks for a key, a line or a name: without `--timeout`, for ever. */
export function waitForKey(_: Run, { options }: Given): Ending {
  const timeout = timeoutOf(options);
  if (timeout === undefined) return failed('its timeout is no number');
  if (timeout === 0) return { kind: 'endless', why: 'it waits for somebody at the keyboard' };
  return failed('nobody pressed a key');
}

/** Milliseconds, 0 where there is none; undefined where it is no number: then iPXE's command fails. */
function timeoutOf(options: ReadonlyMap<string, string>): number | undefined {
  const timeout = Number(options.get('timeout') ?? '0');
  return Number.isNaN(timeout) ? undefined : timeout;
}
