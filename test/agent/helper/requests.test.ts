import test from 'ava';
import fc from 'fast-check';
import { parseRequest } from '../../../agent/helper/requests.ts';

const ROOT = 'images/0a1b-2c3d/fs';
const SHARE = 'persist/alice/52:54:00:00:00:01';
const GOOD = {
  'mount-erofs': {
    place: ROOT,
    file: 'images/0a1b-2c3d/root.erofs',
    data: ['layers/0a1b/data'],
  },
  'mount-ext4': {
    ...{ place: SHARE, file: `${SHARE}.disk` },
    files: { name: 'files', uid: 1_000_001 },
  },
  clock: {},
  unmount: { place: ROOT },
  'release-devices': {},
  'show-mounts': { pid: 1234, places: [ROOT, SHARE] },
};

for (const [verb, words] of Object.entries(GOOD)) {
  test(`parseRequest() takes ${verb}, and no word more`, (t) => {
    const request = { verb, ...words };
    t.deepEqual(parseRequest(JSON.stringify(request)) as unknown, request);
    t.is(parseRequest(JSON.stringify({ ...request, options: 'suid' })), undefined);
    for (const key of Object.keys(words)) {
      t.is(parseRequest(JSON.stringify({ ...request, [key]: undefined })), undefined, key);
    }
  });
}

const PLACES = [
  ...['', '/', '.', '..', '/etc', 'images', 'images/fs', 'images//fs', 'images/./fs'],
  ...['images/../fs', 'images/../../etc/fs', '../images/x/fs', '/images/x/fs', 'images/x/y/fs'],
  ...['images/x/fs/', 'images/x/fs/..', 'images/.x/fs', 'images/-x/fs', 'images/x y/fs'],
  ...['images/x\0/fs', 'images/x/fs\n', 'images/x\n/fs', 'images/$(id)/fs', 'images/x;id/fs'],
  ...['persist/a/b', 'persist/a/52:54:00:00:00:0g', 'persist/../52:54:00:00:00:01'],
  ...['tmp/fs', 'tmp/work-x/fs', `images/${'x'.repeat(600)}/fs`],
];

for (const place of PLACES) {
  test(`parseRequest() takes no place ${JSON.stringify(place).slice(0, 40)}`, (t) => {
    for (const verb of ['mount-erofs', 'unmount']) {
      t.is(parseRequest(JSON.stringify({ verb, ...GOOD[verb as 'unmount'], place })), undefined);
    }
    const shown = { verb: 'show-mounts', pid: 2, places: [ROOT, place] };
    t.is(parseRequest(JSON.stringify(shown)), undefined);
  });
}

for (const pid of [0, 1, -1, 1.5, 2 ** 40, '2', null]) {
  test(`parseRequest() takes no process ${JSON.stringify(pid)}`, (t) => {
    t.is(parseRequest(JSON.stringify({ verb: 'show-mounts', pid, places: [] })), undefined);
  });
}

for (const line of ['', '{', '[]', 'null', '7', '{"verb":"exec"}', '{"verb":"__proto__"}']) {
  test(`parseRequest() takes no line ${JSON.stringify(line)}`, (t) => {
    t.is(parseRequest(line), undefined);
  });
}

test('parseRequest() throws at nothing', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => parseRequest(line) === undefined),
  );
  t.pass();
});

test('parseRequest() lets no text lead out of the state folder', (t) => {
  const word = fc.string({ unit: fc.constantFrom('.', '/', 'a', ':', '-', '\0', '\n', 'é') });
  fc.assert(
    fc.property(word, (name) => {
      const place = `images/${name}/fs`;
      const request = parseRequest(JSON.stringify({ verb: 'unmount', place }));
      return request === undefined || /^[^./\0\n][^/\0\n]*$/.test(name);
    }),
  );
  t.pass();
});
