// Which page an address is. The heavy ones are loaded when they are opened.

import { FirstRun } from '../../pages/first-run.tsx';
import { HealthPage } from '../../pages/health.tsx';
import { ImagesPage } from '../../pages/images/images.tsx';
import { LogPage } from '../../pages/log/log.tsx';
import { MediaPage } from '../../pages/media.tsx';
import { NodePage } from '../../pages/node/node.tsx';
import { NodesPage } from '../../pages/nodes/nodes.tsx';
import { cardOf, nodes } from '../../state/nodes/nodes.ts';
import { place } from '../../state/router.ts';
import { texts } from '../../texts.ts';
import { Empty } from '../empty.tsx';
import { lazyPage } from '../lazy.tsx';

const Topology = lazyPage(() =>
  import('../../pages/topology/topology.tsx').then((part) => part.TopologyPage),
);

const Users = lazyPage(() => import('../../pages/people/users.tsx').then((part) => part.UsersPage));
const Account = lazyPage(() =>
  import('../../pages/people/account.tsx').then((part) => part.AccountPage),
);

/** The page of the address. */
export function Page() {
  const [name = 'nodes', detail] = place.value;
  switch (name) {
    case 'nodes':
      if (detail === undefined) return <NodesPage />;
      if (nodes.value === undefined) return <p class="loading">{texts.loading}</p>;
      return <NodePage key={cardOf(detail)} name={detail} />;
    case 'images':
      return <ImagesPage />;
    case 'topology':
      return <Topology />;
    case 'log':
      return <LogPage />;
    case 'media':
      return <MediaPage />;
    case 'health':
      return <HealthPage />;
    case 'users':
      return <Users />;
    case 'account':
      return <Account />;
    case 'first-run':
      return <FirstRun />;
    default: {
      const { title, text, back } = texts.notFound;
      return (
        <Empty title={title} text={text} isPage>
          <a class="button" href="/nodes">
            {back}
          </a>
        </Empty>
      );
    }
  }
}
