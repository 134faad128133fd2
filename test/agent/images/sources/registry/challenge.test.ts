import test from 'ava';
import { parseChallenges } from '../../../../../agent/images/sources/registry/challenge.ts';

const scope = 'repository:alice/web:pull,push';
const cases = [
  {
    header: `Bearer realm="https://auth.example/token",service="registry.example",scope="${scope}"`,
    challenges: [
      {
        scheme: 'bearer',
        params: { realm: 'https://auth.example/token', service: 'registry.example', scope },
      },
    ],
  },
  {
    header: 'Basic realm="a \\"b\\", c", Bearer realm=x, error="insufficient_scope"',
    challenges: [
      { scheme: 'basic', params: { realm: 'a "b", c' } },
      { scheme: 'bearer', params: { realm: 'x', error: 'insufficient_scope' } },
    ],
  },
  {
    header: 'NEGOTIATE, basic Realm = "x"',
    challenges: [
      { scheme: 'negotiate', params: {} },
      { scheme: 'basic', params: { realm: 'x' } },
    ],
  },
  {
    header: 'Bearer realm="one",realm="two"',
    challenges: [{ scheme: 'bearer', params: { realm: 'one' } }],
  },
  { header: 'realm="x"', challenges: [] },
  { header: '', challenges: [] },
];

for (const { header, challenges } of cases) {
  test(`parseChallenges() reads ${header || 'nothing'}`, (t) => {
    t.deepEqual(parseChallenges(header), challenges);
  });
}
