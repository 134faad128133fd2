import test from 'ava';
import type { Image } from '../../../../agent/images/content/image.ts';
import { nearImage, ownImage, shortImageName } from '../../../../agent/images/content/names.ts';

const images = ['alice/web:latest', 'alice/pc:v2', 'bob/wbe:latest'].map(
  (name): Image => ({
    ...{
      name,
      digest: 'sha256:0',
      models: [],
      layers: [],
      labels: {},
      size: 1,
      created: 1,
      used: 1,
    },
  }),
);

for (const [name, shown, expected] of [
  ['alice/wbe:latest', undefined, " Did you mean 'alice/web'?"],
  ['alice/wbe:latest', shortImageName, " Did you mean 'web'?"],
  ['alice/pc:latest', shortImageName, " Did you mean 'pc:v2'?"],
  ['alice/db:latest', undefined, ''],
  ['carol/web:latest', undefined, ''],
] as const) {
  test(`nearImage() says '${expected}' of ${name} ${shown === undefined ? 'in full' : 'as its owner names it'}`, (t) => {
    t.is(nearImage(name, images, shown), expected);
  });
}

test('ownImage() names the image of yours that was probably meant', (t) => {
  const known = { byName: () => undefined, all: () => images };
  t.throws(() => ownImage('wbe', { user: 'alice', images: known }), {
    message:
      "No image 'wbe:latest' is in your working set. Did you mean 'web'? See walt image show.",
  });
});
