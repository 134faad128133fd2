// How tar(1) and the pipe to it may end, in every order.
import test from 'ava';
import { unpackFailure } from '../../../../agent/images/uploads/write-upload.ts';

const left = Object.assign(new Error('Premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });

test('what came whole is taken, also where tar(1) ended before the end of its pipe was noticed', (t) => {
  const good = { status: 0, isWhole: true, complaint: '' };
  t.is(unpackFailure({ ...good, reason: undefined }), undefined);
  t.is(unpackFailure({ ...good, reason: left }), undefined);
});

test('what broke off is not taken, and what tar(1) refuses is said as it says it', (t) => {
  const cut = { status: 0, isWhole: false, complaint: '' };
  t.is(unpackFailure({ ...cut, reason: aborted }), aborted);
  t.is(unpackFailure({ ...cut, reason: left }), left);
  const refused = { status: 2, isWhole: false, complaint: 'tar: This is no tar\n' };
  t.regex(String(unpackFailure({ ...refused, reason: left })), /This is no tar/);
  t.truthy(unpackFailure({ ...refused, complaint: '', reason: undefined }));
});
