// Ways into nodes, by the server's key.
import { join } from 'node:path';
import type { Identities } from '../identities/identities.ts';
import type { NodeActions } from '../nodes/node-actions.ts';
import { NodeLogins } from '../ssh/node-logins.ts';

type Parts = {
  readonly actions: NodeActions;
  readonly identities: Identities;
  /** of the server's state */
  readonly folder: string;
};

/** Who may enter which node, and how. */
export function buildLogins({ actions, identities, folder }: Parts): NodeLogins {
  return new NodeLogins({
    node: (name) => actions.node(name),
    identities,
    keyFile: join(folder, 'ssh/id_ed25519'),
    folder: join(folder, 'tmp'),
  });
}
