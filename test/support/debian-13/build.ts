// build.ts FOLDER TREE: builds media into the folder and packs the tree as an image there, with the programs of the
// machine that it runs on; prints a line for each with the SHA-256 of its bytes.
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOciArchive } from '../../../scripts/images/oci-archive.ts';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { buildMedium } from '../../../scripts/media/build.ts';
import { pcUsb } from '../../../scripts/media/pc-usb.ts';
import { pcUsbLinux } from '../../../scripts/media/pc-usb-linux.ts';
import { pxe } from '../../../scripts/media/pxe.ts';

const ROOT = join(import.meta.dirname, '../../..');
const [to = '', tree = ''] = process.argv.slice(2);

await mkdir(to, { recursive: true });
for (const { name, plan } of [pxe, pcUsb, pcUsbLinux]) {
  const { sha256 } = await buildMedium(plan(), {
    root: ROOT,
    places: placesOf(process.env, ROOT),
    to,
    path: '/usr/sbin:/usr/bin:/sbin:/bin',
  });
  console.log(name, sha256);
}
const archive = join(to, 'image.oci.tar');
await writeOciArchive(archive, {
  root: tree,
  image: { reference: 'x:latest', architecture: 'amd64', labels: {}, created: new Date(0) },
  scratch: join(to, 'scratch'),
});
console.log(
  'image',
  createHash('sha256')
    .update(await readFile(archive))
    .digest('hex'),
);
