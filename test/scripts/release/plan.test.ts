import { readFile } from 'node:fs/promises';
import test from 'ava';
import { inputs } from '../../../scripts/inputs/sources.ts';
import { LOADERS, RUNTIMES } from '../../../scripts/release/node-runtime.ts';
import { printReleasePlan, releasePlan } from '../../../scripts/release/plan.ts';
import { $ } from '../../../scripts/run.ts';

const facts = { root: '/x', version: '1.2.3', date: 1_700_000_000 };
const all = { architectures: ['amd64', 'arm64'], media: [], images: ['pc-x86-64'] } as const;

test('releasePlan() has all that a release is to have', (t) => {
  const { shipped } = releasePlan(facts, { ...all, isSigned: true });
  t.deepEqual(
    shipped.map(({ name }) => name),
    [
      ...['pc-usb.dd.gz', 'pc-usb-linux.dd.gz', 'pxe.tar.gz'],
      ...['rpi-sd-files.tar.gz', 'rpi-sd.img.gz', 'rpi-eeprom.tar.gz', 'coral-devb-boot.tar.gz'],
      ...['walt-server_1.2.3_amd64.deb', 'walt-server_1.2.3_arm64.deb'],
      ...['walt-client_1.2.3_all.deb', 'walt-client-1.2.3.tgz'],
      ...['python3-walt_1.2.3_all.deb', 'walt-api-1.2.3.tgz'],
      ...['walt-image-pc-x86-64_1.2.3_all.deb', 'pc-x86-64.oci.tar'],
      ...['walt_1.2.3.cdx.json', 'RELEASE-NOTES.md'],
    ],
  );
});

test('printReleasePlan() says what is signed, and only then', (t) => {
  const print = (isSigned: boolean) => printReleasePlan(releasePlan(facts, { ...all, isSigned }));
  t.regex(print(true), /^step {5}signature\n[\s\S]*^output {3}SHA256SUMS\.minisig$/m);
  t.notRegex(print(false), /signature|minisig/);
});

test('the Node.js of the package is the one that everything is tested with', async (t) => {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const versionOf = (name: string) => lock.packages[`node_modules/${name}`].version;
  for (const input of [inputs.nodeAmd64, inputs.nodeArm64]) {
    t.is(input.version, versionOf('node'), input.package);
  }
  const natives = Object.values(RUNTIMES).flatMap((runtime) => [...runtime.natives]);
  for (const input of [...LOADERS, ...natives.map((native) => native.input)]) {
    t.is(input.version, versionOf(input.package), input.package);
  }
});

test('a key in the environment that is none is refused in one sentence', async (t) => {
  const env = { ...process.env, WALT_SIGNING_KEY: 'nonsense' };
  const run = await $({ nothrow: true, env })`node scripts/release.ts --dry-run`;
  t.is(run.exitCode, 1);
  t.regex(run.stderr, /^Cannot read signing key of WALT_SIGNING_KEY: .* Make one with openssl/);
});

for (const [args, message] of [
  [['--media', 'floppy'], /^Cannot release medium floppy: there is no such medium, expected any/],
  [['--arch', 'vax'], /^Cannot release for vax: expected amd64 or arm64$/],
  [['--image', 'vax'], /^Cannot release image vax: it is not built\. Build it with npm run images/],
  [['--key', '/nonexistent'], /^Cannot read signing key \/nonexistent: ENOENT/],
  [
    ['--tag', 'v9.9.9'],
    /^Cannot release tag v9\.9\.9: package\.json has version ([\d.]+), expected tag v\1$/,
  ],
  [['--level', 'x'], /^Cannot use --level x: expected a digit$/],
] as const) {
  test(`release.ts ${args.join(' ')} is refused in one sentence`, async (t) => {
    const how = args[0] === '--level' ? args : [...args, '--dry-run'];
    const run = await $({ nothrow: true })`node scripts/release.ts ${how}`;
    t.is(run.exitCode, 1);
    t.regex(run.stderr.trim(), message);
    t.is(run.stdout, '');
  });
}
