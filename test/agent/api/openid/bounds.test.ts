// How many sign-ins are remembered, looked at and let fail: strangers lose their own first, and keep no colleague out.
import test from 'ava';
import type { Provider } from '../../../../agent/access/openid/provider.ts';
import { SignIns } from '../../../../agent/access/openid/sign-ins.ts';
import { StartedSignIns } from '../../../../agent/access/openid/started.ts';

const started = { state: 's', nonce: 'n', verifier: 'v' };
const began = { url: 'https://id/', started };
const proved = {
  ...{ issuer: 'https://id', subject: '1', claims: { name: 'carol' } },
  more: async () => ({}),
};

/** Everybody whom the provider proves is carol. */
function signInsBy(provider: Pick<Provider, 'begin' | 'end'>, now = () => 0): SignIns {
  return new SignIns({
    accounts: { arrive: async () => ({ user: 'carol', role: 'user', isNew: false }) },
    name: 'Test',
    rules: {
      ...{ userClaim: 'name', rolesClaim: 'groups', defaultRole: 'user', reserved: [] },
      roles: { viewer: [], user: [], operator: [], admin: [] },
    },
    now,
    load: async () => provider,
  });
}

test('who lets many sign-ins fail waits, and a colleague who comes from elsewhere does not', async (t) => {
  let now = 0;
  let isGood = false;
  const provider = {
    begin: async () => began,
    end: async () => {
      if (isGood) return proved;
      throw new Error('a wrong code');
    },
  };
  const signIns = signInsBy(provider, () => now);
  const end = async (from: string) => {
    const { secret } = await signIns.begin(from);
    return await signIns.end({ secret, answer: 'state=s&code=x', from });
  };
  for (let time = 0; time < 30; time += 1) await t.throwsAsync(end('192.0.2.1'));
  isGood = true;
  t.like(await t.throwsAsync(end('192.0.2.1')), { status: 429, code: 'too-many-guesses' });
  t.like(await end('192.0.2.2'), { user: 'carol' });
  now = 10_001;
  t.like(await end('192.0.2.1'), { user: 'carol' });
});

test('of one address and of all, only so many sign-ins are looked at in one moment', async (t) => {
  const goesOn = Promise.withResolvers<void>();
  const signIns = signInsBy({
    begin: async () => {
      await goesOn.promise;
      return began;
    },
    end: async () => proved,
  });
  const begin = (address: string) => Array.from({ length: 4 }, () => signIns.begin(address));
  const many = begin('192.0.2.1');
  const busy = { message: 'Too many sign-ins are under way. Try again in a moment.' };
  t.like(await t.throwsAsync(signIns.begin('192.0.2.1'), busy), { status: 503, code: 'too-many' });
  many.push(...['192.0.2.2', '192.0.2.3', '192.0.2.4'].flatMap(begin));
  await t.throwsAsync(signIns.begin('192.0.2.5'), busy);
  goesOn.resolve();
  t.is((await Promise.all(many)).length, 16);
  t.like(await signIns.begin('192.0.2.1'), { url: 'https://id/' });
});

test('strangers who begin sign-ins push out their own, and old ones are over', (t) => {
  let now = 0;
  const kept = new StartedSignIns(() => now);
  const own = kept.add(started, '192.0.2.9');
  const first = kept.add(started, '198.51.100.1');
  for (let time = 0; time < 20; time += 1) kept.add(started, '198.51.100.1');
  t.is(kept.size, 21);
  t.is(kept.take(first, 's'), undefined);
  for (let net = 0; net < 2000; net += 1) kept.add(started, `2001:db8:${net.toString(16)}::1`);
  t.is(kept.size, 1000);
  // All of one network of IPv6 are one stranger.
  const before = kept.size;
  for (let host = 0; host < 50; host += 1) kept.add(started, `2001:db8:1:1::${host.toString(16)}`);
  t.is(kept.size, before);
  now = 600_000;
  t.is(kept.take(own, 's'), undefined);
  t.is(kept.size, 0);
});
