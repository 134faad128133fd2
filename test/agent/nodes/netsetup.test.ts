import test from 'ava';
import { complaintWithoutNat, hasNatBy } from '../../../agent/nodes/netsetup.ts';

for (const [settings, standard, expected] of [
  [{}, 'LAN', false],
  [{}, 'NAT', true],
  [{ netsetup: 'NAT' }, 'LAN', true],
  [{ netsetup: 'LAN' }, 'NAT', false],
  [{ netsetup: 'of a later version' }, 'NAT', true],
] as const) {
  test(`hasNatBy(${standard}) says ${expected} of ${JSON.stringify(settings)}`, (t) => {
    t.is(hasNatBy(standard)({ settings }), expected);
  });
}

test('complaintWithoutNat() says what to install to who asks for NAT, and nothing to others', (t) => {
  t.regex(
    complaintWithoutNat({}, { netsetup: 'NAT' }) ?? '',
    /Install the Debian package nftables/,
  );
  t.is(complaintWithoutNat({}, { netsetup: 'LAN' }), undefined);
  t.is(complaintWithoutNat({ settings: { netsetup: 'NAT' } }, { netsetup: 'NAT' }), undefined);
});
