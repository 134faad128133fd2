import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../lab/programs/run-program.ts';

/** The short run; the long one is `npm run fuzz`. */
const rounds = {
  'dhcp-decoder': 20_000,
  'tftp-decoder': 20_000,
  'sntp-decoder': 20_000,
  'tftp-transfer': 100_000,
  'layer-archives': 5000,
  'layer-trees': 20,
  'dhcp-socket': 3000,
  'dhcp-two-ways': 2000,
  'tftp-sockets': 10_000,
  'ipxe-scripts': 10_000,
  'grub-requests': 20_000,
  'bootup-sockets': 2000,
  'log-lines': 50_000,
  'http-sockets': 2000,
  'image-documents': 20_000,
  'image-archives': 300,
  'image-headers': 50_000,
};
const seed = 7;

for (const [target, count] of Object.entries(rounds)) {
  test(`${target} survives ${count} rounds of fuzzing`, async (t) => {
    const program = join(import.meta.dirname, 'run.ts');
    const argv = [process.execPath, '--expose-gc', program, target, String(count), String(seed)];
    const { code, said } = await runProgram(argv, { seconds: 240 });
    t.is(code, 0, said);
  });
}
