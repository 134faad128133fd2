// When people are warned of the end of a certificate.
import test from 'ava';
import { endWarning } from '../../../agent/access/certificate-ends.ts';

const NOW = Date.UTC(2030, 0, 1);
const inDays = (days: number) => NOW + days * 86_400_000;

const cases: readonly (readonly [string, { authority?: number; server: number }, RegExp | null])[] =
  [
    ['an authority with 91 days', { authority: inDays(91), server: inDays(61) }, null],
    [
      'an authority with 89 days',
      { authority: inDays(89), server: inDays(89) },
      /^the authority of the API ends in 89 days \(2030-03-31\)$/,
    ],
    [
      'an authority that has ended',
      { authority: inDays(-1), server: inDays(-1) },
      /^the authority of the API ended on 2029-12-31$/,
    ],
    [
      'a certificate of ours that was not made again',
      { authority: inDays(900), server: inDays(1) },
      /^the certificate of the API ends in 1 day /,
    ],
    ['a given certificate with a month', { server: inDays(30) }, null],
    ['a given certificate with a week', { server: inDays(7) }, /ends in 7 days/],
  ];

for (const [what, ends, expected] of cases) {
  test(`endWarning() of ${what}`, (t) => {
    const warning = endWarning(ends, NOW);
    if (expected === null) return t.is(warning, undefined);
    t.regex(warning?.detail ?? '', expected);
    t.is(warning?.isOver, /ended/.test(warning?.detail ?? ''));
  });
}

test('endWarning() names what helps: a command for what is ours, the configuration for what is not', (t) => {
  const ours = endWarning({ authority: inDays(10), server: inDays(10) }, NOW);
  t.regex(ours?.mend ?? '', /walt-server renew-authority/);
  t.regex(endWarning({ server: inDays(10) }, NOW)?.mend ?? '', /api\.certificate/);
});
