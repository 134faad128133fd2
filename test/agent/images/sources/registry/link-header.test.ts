// What servers write into a header Link; the first form is that of Docker's registry.
import test from 'ava';
import { nextPage } from '../../../../../agent/images/sources/registry/link-header.ts';

const FROM = 'https://registry.example/v2/_catalog?n=2';
const NEXT = 'https://registry.example/v2/_catalog?last=b&n=2';

const cases: readonly (readonly [header: string, next: string | undefined])[] = [
  ['</v2/_catalog?last=b&n=2>; rel="next"', NEXT],
  ['</v2/_catalog?last=b&n=2>;rel=next', NEXT],
  ['<?last=b&n=2>; rel="next"', NEXT],
  ['<_catalog?last=b&n=2> ; REL = "Next"', NEXT],
  [`<${NEXT}>; rel="next"`, NEXT],
  ['</a>; rel="first", </v2/_catalog?last=b&n=2>; rel="next", </z>; rel="last"', NEXT],
  ['</a>; rel="prev",</v2/_catalog?last=b&n=2>; rel="last next"', NEXT],
  ['</a>; title="; rel=\\"next\\", </x>; rel=next", </v2/_catalog?last=b&n=2>; rel="next"', NEXT],
  ['</a>; rel="first"; rel="next"', undefined],
  ['</a>; rel="nextpage"', undefined],
  ['</a>; title="next"', undefined],
  ['</a>; rel="next"; anchor="#other"', undefined],
  [
    '</v2/_catalog?last=b,c;d&n=2>; a; ; rel="next"',
    'https://registry.example/v2/_catalog?last=b,c;d&n=2',
  ],
  ['</v2/_catalog?last=b&n=2>; title*=UTF-8\'\'n%e4chste; rel="next"', NEXT],
  [', , </v2/_catalog?last=b&n=2>; rel="next"', NEXT],
  ['<https://other.example/v2/_catalog>; rel=next', 'https://other.example/v2/_catalog'],
  ['</v2/_catalog?last=b&n=2', undefined],
  ['rel="next"', undefined],
  ['<http://[>; rel="next"', undefined],
  ['', undefined],
];

for (const [header, next] of cases) {
  test(`nextPage() reads ${header || 'nothing'}`, (t) => {
    t.is(nextPage(header, FROM), next);
  });
}

test('nextPage() takes no time for a header that was made to take much', (t) => {
  t.is(nextPage(`${'<a>; '.repeat(20_000)}"`, FROM), undefined);
  t.is(nextPage(`<a>; b="${'\\"'.repeat(50_000)}`, FROM), undefined);
});
