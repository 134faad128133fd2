// What the server tells of one node.
import type { Reply } from '../../server/client.ts';

/** The answer of the call. */
export type Shown = Reply<'nodes.show'>;
