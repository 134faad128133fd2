// The content of images that are here already: folders are made anew where they are old or gone, and what no image needs is
// deleted.
import { ImageError, messageOf } from '../../errors.ts';
import type { InTurn } from '../../host/queues/in-turn.ts';
import type { ImageRecords } from '../../store/records/images.ts';
import type { Blobs } from '../content/blobs.ts';
import type { ImageFolders } from '../content/folders/image-folders.ts';
import type { WorkFolders } from '../content/folders/work-folders.ts';
import type { LayerStore } from '../content/layers/layer-store.ts';
import type { NamedImages } from '../content/named-images.ts';
import type { TemplateNote } from '../content/templates/fill.ts';
import type { Arriving } from './arriving.ts';
import { renewFolder } from './renew-folder.ts';

type Options = {
  readonly names: NamedImages;
  readonly blobs: Blobs;
  readonly layers: LayerStore;
  readonly folders: ImageFolders;
  readonly work: WorkFolders;
  readonly arriving: Arriving;
  readonly inTurn: InTurn;
  readonly records: ImageRecords;
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** takes what is odd about an image */
  readonly onNotes: (image: string, notes: readonly TemplateNote[]) => void;
};

/** Looks after the content of all images of a server. */
export class Upkeep {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Gives the node side and the values of this server to images that have older ones.
   * @throws {ImageError} naming the images that stay as they are
   */
  async renewAll(): Promise<void> {
    const { names, folders, onNotes } = this.#options;
    const digests = new Map(names.all().map(({ digest, name }) => [digest, name]));
    const failed: string[] = [];
    for (const [digest, name] of digests) {
      if (folders.isCurrent(digest)) continue;
      try {
        onNotes(name, await this.#renew({ digest, name }));
      } catch (thrown) {
        failed.push(`${name}: ${messageOf(thrown)}`);
      }
    }
    if (failed.length > 0) throw new ImageError('Cannot renew the node side of images:', failed);
  }

  /** Makes the folders anew that are gone and whose layers are here. @returns what is wrong, a sentence each */
  async refresh(): Promise<string[]> {
    const { names, folders, inTurn } = this.#options;
    const problems = await inTurn(() => folders.refresh());
    await this.renewAll().catch((thrown: unknown) => problems.push(messageOf(thrown)));
    const gone = names.all().filter(({ digest }) => folders.keyOf(digest) === undefined);
    return [
      ...problems,
      ...gone.map(
        ({ name }) =>
          `The content of image ${name} is gone from the disk: fetch or import it again.`,
      ),
    ];
  }

  /**
   * Deletes the folders and parts that no image needs. Parts stay while an image is being copied.
   * @param keys gives the folders that are needed all the same
   */
  async collect(keys: () => readonly string[]): Promise<{ folders: number; blobs: number }> {
    const { names, blobs, layers, folders, arriving, inTurn } = this.#options;
    return await inTurn(async () => {
      const images = names.all();
      const current = images.flatMap(({ digest }) => folders.keyOf(digest) ?? []);
      const removedFolders = await folders.keepOnly([...current, ...keys()]);
      const digests = images.map(({ digest }) => digest);
      const removedParts = await arriving.sweepIfNone(async () => {
        const needed = await blobs.diffIdsOf(digests);
        const used = [...needed, ...folders.layersInUse()];
        const removed = await layers.keepOnly(used);
        const isKept = (diffId: string) => layers.has(diffId);
        return removed + (await blobs.keepOnly(digests, isKept));
      });
      return { folders: removedFolders, blobs: removedParts ?? 0 };
    });
  }

  /** Digests of images whose layers are here, so that their folders can be made again. */
  async wholeImages(): Promise<Set<string>> {
    const { records, blobs, layers } = this.#options;
    const whole = new Set<string>();
    for (const { digest } of await records.all()) {
      const diffIds = await blobs.diffIdsOf([digest]).catch(() => new Set<string>());
      const here = await Promise.all([...diffIds].map((diffId) => layers.has(diffId)));
      if (here.length > 0 && here.every(Boolean)) whole.add(digest);
    }
    return whole;
  }

  async #renew(image: { readonly digest: string; readonly name: string }) {
    const { names, blobs, layers, folders, work, arriving } = this.#options;
    const { maxFiles, maxBytes, inTurn } = this.#options;
    return await arriving.during(async () => {
      // Somebody may have removed it while others were renewed.
      if (!names.all().some(({ digest }) => digest === image.digest)) return [];
      const stores = { blobs, layers, folders };
      return await work.with((made) =>
        renewFolder(image, { ...stores, maxFiles, maxBytes, inTurn, work: made }),
      );
    });
  }
}
