// Fetches a file by TFTP over a line that loses every fifth packet, and says its SHA-256. Arguments: server, file.
import { createHash } from 'node:crypto';
import { readTftp } from '../../../lab/clients/tftp-reader.ts';

const [server = '', file = ''] = process.argv.slice(2);
let packets = 0;
const isLost = () => {
  packets += 1;
  return packets % 5 === 0;
};
console.log('asks');
const bytes = await readTftp({ server, file, isLost, repeatMs: 300 });
console.log(createHash('sha256').update(bytes).digest('hex'));
