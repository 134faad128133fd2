// English texts of page Log.
import { many } from './many.ts';

/** Page Log. */
export const logTexts = {
  log: {
    title: 'Log',
    text: 'Text contains',
    issuer: 'From',
    stream: 'Stream',
    follow: 'Follow',
    earlier: 'Earlier lines',
    start: 'The log begins here.',
    empty: 'No line passes these filters',
    emptyText: 'Lines come here as they are written.',
    count: (count: number) => many(count, 'line'),
    columns: { time: 'Time', issuer: 'From', stream: 'Stream', line: 'Line' },
    ended: 'The log stopped coming.',
    label: 'Lines of the log',
    latest: 'To the newest',
  },
} as const;
