// What the routes act on: the running parts of the server, as compose.ts puts them together.

import type { ImageExchange } from '../images/sources/exchange.ts';
import type { Collected } from '../images/store/collect.ts';
import type { ImageStore } from '../images/store/image-store.ts';
import type { WorkingSet } from '../images/working-set.ts';
import type { Shells } from '../images/workshop/shells.ts';
import type { Workshop } from '../images/workshop/workshop.ts';
import type { BootBook } from '../nodes/boot-book.ts';
import type { Node } from '../nodes/device.ts';
import type { ImageSwitch } from '../nodes/image-switch.ts';
import type { Journal } from '../nodes/journal.ts';
import type { LogReader } from '../nodes/log-reader.ts';
import type { NodeActions } from '../nodes/node-actions.ts';
import type { Registry } from '../nodes/registry.ts';

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
