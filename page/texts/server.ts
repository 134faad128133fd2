// English texts of pages Health and Topology.
import { many } from './many.ts';

/** Pages Health and Topology. */
export const serverTexts = {
  health: {
    title: 'Health',
    lead: 'The server examines itself as an operator would.',
    again: 'Examine again',
    examining: 'Examining, which takes some seconds…',
    good: 'All is well.',
    summary: (failed: number, warnings: number) =>
      [failed === 0 ? '' : `${failed} failed`, warnings === 0 ? '' : many(warnings, 'warning')]
        .filter((text) => text !== '')
        .join(', '),
    statuses: { ok: 'good', skipped: 'skipped', warning: 'warning', failed: 'failed' },
    meaning: 'What follows',
    mend: 'What to do',
  },
  topology: {
    title: 'Topology',
    search: 'Find a device or port',
    rescan: 'Ask the switches',
    rescanned: (count: number) =>
      `${count === 1 ? 'One switch has' : `${count} switches have`} answered.`,
    noneTitle: 'No switch is known',
    noneText:
      'A device is a switch once it says so by LLDP, or somebody sets type=switch of it. Then its ports and what is behind them are shown here.',
    unplaced: (count: number) => `${many(count, 'device')} with no known port`,
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Show all',
    label: 'Map of switches and devices. The list below has the same.',
    server: 'server',
    poe: 'PoE',
    link: 'link',
    columns: { switch: 'Switch', port: 'Port', power: 'Power', devices: 'Devices' },
    waiting: (count: number) => `${many(count, 'port')} wait for power`,
    list: 'All ports',
  },
} as const;
