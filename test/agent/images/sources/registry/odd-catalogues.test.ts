// Lists of registries that go on elsewhere, in a circle, or are none.
import test, { type ExecutionContext } from 'ava';
import { listRepositories } from '../../../../../agent/images/sources/registry/catalogue.ts';
import { startStandIn } from '../../../../support/images/sources/http-stand-in.ts';

/** Pages of a list, by their addresses, each with its link. */
async function list(t: ExecutionContext, pages: Readonly<Record<string, [string[], string?]>>) {
  const { address } = await startStandIn(t, ({ url = '' }, response) => {
    const page = pages[url];
    if (page === undefined) return response.writeHead(404).end();
    if (page[1] !== undefined) response.setHeader('link', page[1]);
    response.end(JSON.stringify({ repositories: page[0] }));
  });
  return await listRepositories({ name: 'odd', address, http: true, mirrors: [] });
}

const FIRST = '/v2/_catalog?n=1000';

test('listRepositories() follows the link that leads on, whatever else there is', async (t) => {
  t.deepEqual(
    await list(t, {
      [FIRST]: [['a/a'], '</v2/_catalog>; rel="first", <?last=a>; rel="next last"'],
      '/v2/_catalog?last=a': [['b/b'], '</v2/_catalog>; rel="prev"'],
    }),
    { names: ['a/a', 'b/b'] },
  );
});

test('listRepositories() says where a list is not read to its end', async (t) => {
  t.deepEqual(
    await list(t, { [FIRST]: [['a/a'], '<https://other.example/v2/_catalog>; rel="next"'] }),
    { names: ['a/a'], problem: 'its list goes on at other.example, which is not asked' },
  );
  t.deepEqual(await list(t, { [FIRST]: [['a/a'], `<${FIRST}>; rel="next"`] }), {
    names: ['a/a'],
    problem: 'its list goes round in a circle',
  });
});

test('listRepositories() refuses a list that is none', async (t) => {
  const { address } = await startStandIn(t, (_, response) => {
    response.end('{"repositories":[1]}');
  });
  const remote = { name: 'odd', address, http: true, mirrors: [] };
  await t.throwsAsync(listRepositories(remote), { message: 'its list is damaged' });
});
