// Gives nodes other images, and so other owners; or lets them start from their own disks. All nodes of a request change in one transaction, or none does;
// a node that runs keeps what it started from until it boots again.

import type { Device, Node } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import { RequestError } from '../errors.ts';
import type { EventOf } from '../events/event.ts';
import type { Publish } from '../events/publisher.ts';
import { type Image, ownerOf } from '../images/content/image.ts';
import { cloneName, ownImage } from '../images/content/names.ts';
import { refuseIncompatible, refuseThoseOfOthers, refuseThoseWithoutDisk } from './ownership.ts';

type Options = {
  readonly registry: Pick<Registry, 'changeAll'>;
  readonly publish: Publish;
  /** @throws {RequestError} if there is no such node */
  readonly node: (name: string) => Node;
  readonly images: {
    readonly byName: (name: string) => Image | undefined;
    readonly all: () => readonly Image[];
    /** name of the default image of a model, if it is here */
    readonly defaultOf: (model: string) => string | undefined;
    /** Gives the content of an image a second name. */
    readonly alias: (name: string, other: string) => Promise<Image>;
  };
};

/** Which nodes get another image, and who asks for it. */
export type SwitchRequest = {
  readonly names: readonly string[];
  readonly user: string;
  /** also nodes that belong to other users */
  readonly takesOthers: boolean;
};

/** What became of a node. */
export type Switched = {
  readonly name: string;
  readonly image: string;
  /** it starts from its own disk, and the image waits */
  readonly isLocal: boolean;
  /** it was to start from its own disk before: a system that hears nothing of this may run */
  readonly wasLocal: boolean;
  /** it did the same before */
  readonly isSame: boolean;
};

type Said = Pick<EventOf<'image-chosen'>, 'how' | 'by'>;
type Choice = { readonly node: Node; readonly image: string };

/** Chooses the images of nodes. */
export class ImageSwitch {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Nodes boot an image of the user's. @throws {RequestError} with nothing changed */
  async boot(imageName: string, request: SwitchRequest): Promise<Switched[]> {
    const nodes = this.#nodes(request);
    const { images } = this.#options;
    const image = ownImage(imageName, { user: request.user, images });
    refuseIncompatible(nodes, image);
    const choices = nodes.map((node) => ({ node, image: image.name }));
    return await this.#save(choices, { how: 'boot', by: request.user });
  }

  /** Nodes boot the default image of their model: they are free. @throws {RequestError} with nothing changed */
  async release(request: SwitchRequest): Promise<Switched[]> {
    const nodes = this.#nodes(request);
    const choices = nodes.map((node) => ({ node, image: this.#defaultOf(node).name }));
    return await this.#save(choices, { how: 'release', by: request.user });
  }

  /**
   * Nodes boot a clone of the default image of their model, that the user has already or is given now. The user's
   * own nodes keep what they boot.
   * @throws {RequestError} with no node changed
   */
  async acquire(request: SwitchRequest): Promise<Switched[]> {
    const { user } = request;
    const isOwn = ({ image }: Node) => ownerOf(image) === user;
    const clones = new Map<string, Image>();
    for (const node of this.#nodes(request).filter((each) => !isOwn(each))) {
      const clone = clones.get(node.model) ?? (await this.#cloneDefault(node, user));
      refuseIncompatible([node], clone);
      clones.set(node.model, clone);
    }
    // Others may have taken or renamed nodes while the clones were written.
    const choices = this.#nodes(request).map((node) => {
      const clone = isOwn(node) ? undefined : clones.get(node.model);
      return { node, image: clone?.name ?? node.image };
    });
    return await this.#save(choices, { how: 'acquire', by: user });
  }

  /** Nodes start from their own disks. They keep their images, and so their owners. @throws {RequestError} with nothing changed */
  async bootLocal(request: SwitchRequest): Promise<Switched[]> {
    const nodes = this.#nodes(request);
    refuseThoseWithoutDisk(nodes);
    const { registry, publish } = this.#options;
    const changed = nodes.filter(({ bootsLocal }) => bootsLocal !== true);
    await registry.changeAll(
      changed.map(({ mac }) => [mac, (now) => now && { ...now, bootsLocal: true }]),
    );
    publish(
      changed.map(({ name: node }) => ({ kind: 'local-start-chosen', node, by: request.user })),
    );
    return nodes.map(({ name, image, bootsLocal = false }) => ({
      ...{ name, image, isLocal: true, wasLocal: bootsLocal, isSame: bootsLocal },
    }));
  }

  #nodes({ names, user, takesOthers }: SwitchRequest): Node[] {
    const nodes = [...new Set(names.map((name) => this.#options.node(name)))];
    if (!takesOthers) refuseThoseOfOthers(nodes, user);
    return nodes;
  }

  async #cloneDefault(node: Node, user: string): Promise<Image> {
    const { images } = this.#options;
    const standard = this.#defaultOf(node);
    const name = cloneName(standard, user);
    return images.byName(name) ?? (await images.alias(standard.name, name));
  }

  #defaultOf({ name, model }: Node): Image {
    const { images } = this.#options;
    const image = images.byName(images.defaultOf(model) ?? '');
    if (image !== undefined) return image;
    throw new RequestError(
      409,
      `Nothing was changed: there is no default image of model ${model}, which ${name} is. See walt image show --all.`,
    );
  }

  async #save(choices: readonly Choice[], said: Said): Promise<Switched[]> {
    const { registry, publish } = this.#options;
    const isSame = ({ node, image }: Choice) => node.image === image && node.bootsLocal !== true;
    const changed = choices.filter((choice) => !isSame(choice));
    await registry.changeAll(
      changed.map(({ node, image }) => [node.mac, (now) => now && withImage(now, image)]),
    );
    publish(
      changed.map(({ node, image }) => ({
        ...{ kind: 'image-chosen', node: node.name, image },
        ...said,
      })),
    );
    return choices.map((choice) => ({
      name: choice.node.name,
      image: choice.image,
      isLocal: false,
      wasLocal: choice.node.bootsLocal === true,
      isSame: isSame(choice),
    }));
  }
}

function withImage({ bootsLocal: _local, ...device }: Device, image: string): Device {
  return { ...device, image };
}
