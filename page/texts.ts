// All texts of the page, in English: here what each page has, and in texts/ what is of one.
import { imagesTexts } from './texts/images.ts';
import { logTexts } from './texts/log.ts';
import { loginTexts } from './texts/login.ts';
import { mediaTexts } from './texts/media.ts';
import { nodeTexts } from './texts/node.ts';
import { nodesTexts } from './texts/nodes.ts';
import { peopleTexts } from './texts/people.ts';
import { serverTexts } from './texts/server.ts';

/** By what they are for. */
export const texts = {
  product: 'WalT',
  skip: 'Skip to content',
  loading: 'Loading…',
  cancel: 'Cancel',
  close: 'Close',
  retry: 'Try again',
  refresh: 'Refresh',
  copy: 'Copy',
  copied: 'Copied',
  search: 'Search',
  all: 'All',
  allOf: (what: string) => `${what}: all`,
  none: 'none',
  unknown: 'unknown',
  nav: {
    label: 'Main',
    nodes: 'Nodes',
    images: 'Images',
    topology: 'Topology',
    log: 'Log',
    media: 'Boot media',
    health: 'Health',
    users: 'Users',
    more: 'More',
  },
  live: 'Live',
  notLive: 'Reconnecting…',
  theme: { auto: 'Colours: as the system', light: 'Colours: light', dark: 'Colours: dark' },
  role: (role: string) => `Role: ${role}`,
  logOut: 'Log out',
  notFound: { title: 'No such page', text: 'Nothing is at this address.', back: 'To the nodes' },
  ...imagesTexts,
  ...logTexts,
  ...loginTexts,
  ...mediaTexts,
  ...nodeTexts,
  ...nodesTexts,
  ...peopleTexts,
  ...serverTexts,
} as const;
