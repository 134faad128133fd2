// What goes between this server and the registries of its configuration, beside pulls: searching and publishing.
import type { Registry } from '../../config/sections/images.ts';
import type { Image } from '../content/image.ts';
import { type ArchiveFolder, archiveFolders } from './archive/archive-folder.ts';
import type { LocalImages } from './local-images.ts';
import { type PublishOptions, publishImage } from './publish.ts';
import { type SearchResult, searchImages } from './search.ts';

/** Searches registries and sends images there. */
export class ImageExchange {
  readonly #images: LocalImages;
  readonly #registries: readonly Registry[];
  readonly #folders: ReadonlyMap<string, ArchiveFolder>;

  /** @param registries those of the configuration; relative folders are below that of the images' state */
  constructor(images: LocalImages & { readonly folder: string }, registries: readonly Registry[]) {
    this.#images = images;
    this.#registries = registries;
    this.#folders = archiveFolders(registries, images.folder);
  }

  /** As `searchImages`, in all registries of the configuration. */
  async search(keyword: string, user: string): Promise<SearchResult> {
    return await searchImages({ keyword, user }, this.#parts());
  }

  /** @returns the address where the image is now */
  async publish(image: Image, options: PublishOptions): Promise<string> {
    return await publishImage(image, options, this.#parts());
  }

  #parts() {
    return { images: this.#images, registries: this.#registries, folders: this.#folders };
  }
}
