// Imports a layout into a store of its own: `FOLDER LAYOUT`.
import { openImageStore } from '../image-store.ts';

const [folder = '', layout = ''] = process.argv.slice(2);
const { store, progress } = await openImageStore(folder);
await store.import(layout, { name: 'alice/pc', progress });
process.exit();
