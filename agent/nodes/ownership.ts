// Whose a node is, and what must be so before it is given another image. Nothing here changes anything.

import { modelOf } from '../boot/models.ts';
import { type Device, isNode, type Node } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import { OthersError, RequestError } from '../errors.ts';
import { FREE_OWNER, type Image, ownerOf } from '../images/content/image.ts';

/** Whether a node belongs to nobody: it boots a default image. */
export function isFree({ image }: Node): boolean {
  return ownerOf(image) === FREE_OWNER;
}

/** Not theirs, and not free. */
function isOfAnother({ image }: Node, user: string): boolean {
  const owner = ownerOf(image);
  return owner !== user && owner !== FREE_OWNER;
}

/** What became of whose a node is. */
export type OwnerChange = {
  /** the new one; undefined where it is nobody's */
  readonly owner?: string;
  /** goes on behind the name of the node */
  readonly text: string;
};

/** @returns undefined where it is whose it was */
export function ownerChange(before: Node, after: Device | undefined): OwnerChange | undefined {
  if (after === undefined || !isNode(after)) return { text: 'is forgotten' };
  const owner = ownerOf(after.image);
  if (owner === ownerOf(before.image)) return undefined;
  return isFree(after) ? { text: 'was released' } : { owner, text: `belongs to ${owner} now` };
}

/** @throws {RequestError} naming each node that belongs to another user */
export function refuseThoseOfOthers(nodes: readonly Node[], user: string): void {
  const others = nodes.filter((node) => isOfAnother(node, user));
  if (others.length === 0) return;
  const list = others.map(({ name, image }) => `${name} (of ${ownerOf(image)})`).join(', ');
  throw new OthersError(`these nodes belong to other users: ${list}`);
}

/**
 * Files in /persist that are about to be removed. Those of free nodes are nobody's.
 * @param owners of the files
 * @throws {RequestError} naming the others whose they are
 */
export function refuseFilesOfOthers(name: string, owners: readonly string[], user: string): void {
  const others = owners.filter((owner) => owner !== user && owner !== FREE_OWNER);
  if (others.length === 0) return;
  throw new OthersError(
    `${name} keeps files of ${others.join(', ')} in /persist, which would be removed`,
  );
}

/** @throws {RequestError} naming each node for whose model the image is not made */
export function refuseIncompatible(nodes: readonly Node[], image: Image): void {
  const wrong = nodes.filter(({ model }) => !image.models.includes(model));
  if (wrong.length === 0) return;
  const list = wrong.map(({ name, model }) => `${name} (${model})`).join(', ');
  throw new RequestError(
    409,
    `Nothing was changed: image ${image.name} is made for ${image.models.join(', ')}, not for ${list}.`,
  );
}

/** @throws {RequestError} naming each node that has nothing of its own to start from */
export function refuseThoseWithoutDisk(nodes: readonly Node[]): void {
  for (const { name, model } of nodes) {
    const { localStart } = modelOf(model);
    if (localStart.kind !== 'none') continue;
    throw new RequestError(
      409,
      `Nothing was changed: ${name} (${model}) cannot start from a disk of its own: ${localStart.why}.`,
    );
  }
}

/** Names of the nodes that boot an image. */
export function bootedBy(registry: Pick<Registry, 'all'>, image: string): string[] {
  return registry
    .all()
    .filter((device) => isNode(device) && device.image === image)
    .map(({ name }) => name);
}
