// A store of images in a process of its own, which may have fewer rights than the test: `store-process FOLDER [LAYOUT NAME]`
// opens it, renews its images, takes in another one, and prints what became of that.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openImageStore } from '../image-store.ts';

const [folder = '', layout, name = ''] = process.argv.slice(2);
const { store, problems, missing, progress, notes } = await openImageStore(folder);
await store.renewAll();
if (layout !== undefined) await store.import(layout, { name, progress });
const roots = store.all().map((image) => store.rootOf(store.keyOf(image.name) ?? ''));
const forms = roots.map(async (root) => {
  const { form } = JSON.parse(await readFile(join(dirname(root), 'root.json'), 'utf8'));
  return `${form} ${await readFile(join(root, 'bin/walt-init'), 'utf8')}`;
});
console.log(JSON.stringify({ problems, missing, notes, forms: await Promise.all(forms) }));
process.exit(0);
