// Reaction: who works in a node that another user has now, or nobody, has to leave it.
import { isNode, type Node } from '../../devices/device.ts';
import { type OwnerChange, ownerChange } from '../../nodes/ownership.ts';
import type { Publisher } from '../publisher.ts';

type Parts = { readonly ownerChanged: (node: Node, change: OwnerChange) => void };

/** A node that boots another image of the same owner is left as it is. */
export function endVisits(publisher: Publisher, { ownerChanged }: Parts): void {
  publisher.on('visits', ['device-changed'], ({ before, after }) => {
    if (before === undefined || !isNode(before)) return;
    const change = ownerChange(before, after);
    if (change !== undefined) ownerChanged(before, change);
  });
}
