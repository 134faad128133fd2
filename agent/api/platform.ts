// What the routes act on: the running parts of the server, as start/ puts them together.

import type { BootBook } from '../boots/boot-book.ts';
import type { Node } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import type { ImageStore } from '../images/intake/image-store.ts';
import type { ImageExchange } from '../images/sources/exchange.ts';
import type { Collected } from '../images/workshop/collect.ts';
import type { Shells } from '../images/workshop/shells.ts';
import type { WorkingSet } from '../images/workshop/working-set.ts';
import type { Workshop } from '../images/workshop/workshop.ts';
import type { Journal } from '../journal/journal.ts';
import type { LogReader } from '../journal/log-reader.ts';
import type { ImageSwitch } from '../nodes/image-switch.ts';
import type { NodeActions } from '../nodes/node-actions.ts';

export type Platform = {
  readonly version: string;
  /** of the server, dotted IPv4 */
  readonly address: string;
  readonly registry: Registry;
  readonly boots: BootBook;
  readonly journal: Journal;
  readonly logs: LogReader;
  readonly images: ImageStore;
  readonly actions: NodeActions;
  /** what Secure Boot says to the kernel that the node starts; undefined where that is not known */
  readonly secureBootOf: (node: Node) => Promise<string | undefined>;
  readonly imageSwitch: ImageSwitch;
  readonly workingSet: WorkingSet;
  readonly workshop: Workshop;
  readonly shells: Shells;
  /** between this server and registries */
  readonly exchange: ImageExchange;
  /** takes an image in, and gives it to the devices that waited for it */
  readonly importImage: ImageStore['import'];
  /** what is happening about the default image of a model, in words */
  readonly imageNoteOf: (model: string) => string | undefined;
  /** frees what no image and no node needs */
  readonly collectImages: (options: { readonly removeUnused: boolean }) => Promise<Collected>;
};
