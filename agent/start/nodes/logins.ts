// Ways into nodes, by the server's key.
import { join } from 'node:path';
import type { Publisher } from '../../events/publisher.ts';
import { endVisits } from '../../events/reactions/end-visits.ts';
import type { Identities } from '../../identities/identities.ts';
import type { NodeActions } from '../../nodes/node-actions.ts';
import type { PowerSaver } from '../../nodes/saving/power-saver.ts';
import { NodeLogins } from '../../ssh/node-logins.ts';

type Parts = {
  readonly publisher: Publisher;
  readonly actions: NodeActions;
  readonly identities: Identities;
  readonly saver: Pick<PowerSaver, 'enter'>;
  /** of the server's state */
  readonly folder: string;
};

/** Who may enter which node, and how. */
export function buildLogins(parts: Parts): NodeLogins {
  const { publisher, actions, identities, folder, saver } = parts;
  const logins = new NodeLogins({
    node: (name) => actions.node(name),
    identities,
    enter: (node) => saver.enter(node),
    keyFile: join(folder, 'ssh/id_ed25519'),
    folder: join(folder, 'tmp'),
  });
  endVisits(publisher, { ownerChanged: (node, change) => logins.ownerChanged(node, change) });
  return logins;
}
