// The menus of a script that runs.

/** One line of a menu that can be chosen. `isDefault`: the bar stands on it at the beginning. */
export type MenuItem = { readonly label: string; readonly isDefault: boolean };

/** The menus by name; where a script names none, the menu is called ''. */
export class Menus {
  readonly #menus = new Map<string, MenuItem[]>();

  /** Begins an empty menu, in place of one of that name. */
  create(name: string): void {
    this.#menus.set(name, []);
  }

  /** Takes a menu away; does nothing where there is none. */
  remove(name: string): void {
    this.#menus.delete(name);
  }

  /** The items, to be read and added to, in their order; undefined where there is no such menu. */
  itemsOf(name: string): MenuItem[] | undefined {
    return this.#menus.get(name);
  }
}
