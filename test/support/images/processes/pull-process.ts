// A server that does nothing but pull one image, for a test to kill: `pull-process FOLDER REGISTRY NAME`.
import { openImageStore } from '../image-store.ts';

const [folder = '', address = '', name = ''] = process.argv.slice(2);
const { store } = await openImageStore(folder, {
  registries: [{ name: 'lab', address, http: true, mirrors: [] }],
  maxBytes: 100e6,
});
console.log('begin');
await store.pull(name, { progress: (step) => console.log(step) });
console.log('done');
process.exit(0);
