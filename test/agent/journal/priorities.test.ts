import test from 'ava';
import type { ServerEvent } from '../../../agent/events/event.ts';
import { PRIORITY } from '../../../agent/host/processes/priority.ts';
import { priorityOf } from '../../../agent/journal/priorities.ts';

const CASES: readonly (readonly [keyof typeof PRIORITY, ServerEvent])[] = [
  ['error', { kind: 'problem', source: 'nfs', message: 'it ended' }],
  ['error', { kind: 'disk', folder: '/x', state: 'full', free: 0 }],
  ['notice', { kind: 'disk', folder: '/x', state: 'fine', free: 9 }],
  ['warning', { kind: 'start-trouble', name: 'pc-1', text: 'no kernel' }],
  ['info', { kind: 'image-chosen', node: 'pc-1', image: 'x', by: 'root', how: 'boot' }],
];

for (const [name, event] of CASES) {
  test(`priorityOf() takes ${JSON.stringify(event)} for ${name}`, (t) => {
    t.is(priorityOf(event), PRIORITY[name]);
  });
}
