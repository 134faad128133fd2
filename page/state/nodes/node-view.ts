// A node as the page knows it.
import type { Reply } from '../../server/client.ts';

/** A node as the server tells of it. */
export type NodeView = Reply<'nodes.list'>['nodes'][number];
