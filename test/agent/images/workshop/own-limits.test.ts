import test from 'ava';
import { limitArguments } from '../../../../agent/images/workshop/own-limits.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max processes             unlimited            96365                processes
Max open files            1024                 20000                files
`;

test('limitArguments() gives containers the limits of the server', (t) => {
  t.deepEqual(limitArguments(LIMITS), [
    '--ulimit',
    'nofile=1024:20000',
    '--ulimit',
    'nproc=32768:32768',
  ]);
});

test('limitArguments() says nothing of limits that it does not know', (t) => {
  t.deepEqual(limitArguments(''), []);
});
