/** Damaged texts that others write: start scripts of images, and paths that boot loaders ask for. Each comes to a result. */
import { decideFile } from '../../agent/boot/files.ts';
import { interpretStart } from '../../agent/boot/ipxe-script/interpret.ts';
import { readStartRequest } from '../../agent/boot/start-request.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import { mutate } from '../support/bytes/mutate.ts';
import { kernelLines, lines, menus } from '../support/ipxe-cases.ts';
import { FuzzFault, type FuzzTarget } from './target.ts';

const MAC = '52:54:00:00:00:01';
const MACHINE = {
  ...{ model: 'pc-x86-64', mac: MAC, hostName: 'pc-1', domain: 'walt' },
  ...{ server: '192.168.152.1', ip: '192.168.152.7', netmask: '255.255.255.0' },
};
const SCRIPTS = [
  ...lines.map(([line]) => line.split(' ; ')),
  ...kernelLines.map((line) => line.split(' ; ')),
  ...menus.map(([, written]) => written),
].map((written) => Buffer.from(['#!ipxe', ...written, 'boot', ''].join('\n'), 'latin1'));

const PATHS = [
  `walt/pc-x86-64/${MAC}/start.grub`,
  `/walt/pc-x86-32/${MAC}/secure/start.grub`,
  'start.ipxe',
  '/boot/pc-x86-64/kernel',
  '/var/lib/walt/nodes/192.168.152.2/fs/boot/initrd',
  '00c0ffee/start4.elf',
  '../../etc/passwd',
  'pxelinux.cfg/01-52-54-00-00-00-01',
].map((path) => Buffer.from(path, 'latin1'));

const node = { mac: MAC, ip: '192.168.152.2', name: 'pc-1', model: 'pc-x86-64', root: 'sha256:aa' };

export const fuzzIpxeScripts = textTarget(SCRIPTS, async (text) => {
  const files = async (path: string) => ({ start: path === 'start.ipxe' ? text : '#!ipxe\n' });
  const { kind } = await interpretStart(files, MACHINE);
  return kind;
});

/** A path inside an image is never one that leads out of it. */
export const fuzzGrubRequests = textTarget(PATHS, async (path) => {
  const request = readStartRequest(path.replace(/^\/+/, ''));
  if (request !== undefined && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(request.mac)) {
    throw new Error(`a request of ${request.mac}`);
  }
  decideFile(path, undefined);
  const decision = decideFile(path, node);
  if (decision.kind === 'image-file' && decision.path.split('/').includes('..')) {
    throw new Error(`a path that leads out of the image: ${decision.path}`);
  }
  return decision.kind;
});

function textTarget(
  corpus: readonly Uint8Array[],
  read: (text: string) => Promise<string>,
): FuzzTarget {
  return async ({ rounds, seed, alive }) => {
    const random = randomNumbers(seed);
    const counts: Record<string, number> = {};
    for (let round = 0; round < rounds; round += 1) {
      const sample = corpus[Math.floor(random() * corpus.length)] ?? new Uint8Array();
      const bytes = mutate(sample, random);
      try {
        const kind = await read(Buffer.from(bytes).toString('latin1'));
        counts[kind] = (counts[kind] ?? 0) + 1;
      } catch (error) {
        throw new FuzzFault(round, bytes, error);
      }
      if (round % 1000 === 0) alive(round);
    }
    return counts;
  };
}
