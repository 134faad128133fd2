// `npm run release`: everything that people download, in one folder.
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { placesOf } from './inputs/fetch.ts';
import { readSigningKey } from './release/minisign.ts';
import { ARCHITECTURES, type Architecture } from './release/package.ts';
import { printReleasePlan, releasePlan } from './release/plan.ts';
import { runRelease } from './release/run-release.ts';
import { $, sentenceOf } from './run.ts';

const ROOT = join(import.meta.dirname, '..');

const HELP = `Usage: npm run release -- [OPTION]…

Builds media, Debian packages, the client for npm, manifest, checksums, bill of materials and notes.

Options:
  --to DIR       where they go (default release/dist)
  --media NAME   only these media, as npm run media calls them (several times; default all)
  --arch NAME    only servers for this processor: ${ARCHITECTURES.join(' or ')} (several times; default both)
  --image NAME   only these of the images in release/dist/images (several times; "none" for none; default all that are there)
  --tag NAME     refuse unless the version is that of this tag (v1.2.3)
  --key FILE     Ed25519 key that signs SHA256SUMS (release/README.md); without it there is no signature
  --level N      how hard xz tries, 0 to 9 (default 6)
  --dry-run      print what would be done, and do nothing
  --help         show this

Environment:
  WALT_SIGNING_KEY          the key itself, where no --key is given
  SOURCE_DATE_EPOCH         date of the release in seconds (default: that of the last commit)
  WALT_CACHE, WALT_MIRROR   as for npm run media
`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      to: { type: 'string', default: join(ROOT, 'release/dist') },
      media: { type: 'string', multiple: true, default: [] },
      arch: { type: 'string', multiple: true, default: [...ARCHITECTURES] },
      image: { type: 'string', multiple: true },
      key: { type: 'string' },
      tag: { type: 'string' },
      level: { type: 'string', default: '6' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(HELP);
  const key = await keyOf(values.key, process.env.WALT_SIGNING_KEY);
  const what = await facts();
  checkTag(values.tag, what.version);
  const plan = releasePlan(what, {
    architectures: values.arch.map(architectureOf),
    media: values.media,
    images: await imagesOf(values.image),
    isSigned: key !== undefined,
  });
  if (values['dry-run']) return console.log(printReleasePlan(plan));
  const to = resolve(values.to);
  await runRelease(plan, {
    ...{ to, places: placesOf(process.env, ROOT), level: levelOf(values.level) },
    ...(key === undefined ? {} : { key }),
    onStep: ({ kind }) => console.log(kind),
  });
  console.log(to);
  if (key === undefined)
    console.log('SHA256SUMS is not signed: no --key was given, and WALT_SIGNING_KEY has none.');
}

async function facts() {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  return {
    root: ROOT,
    version: String(version),
    date: await dateOf(process.env.SOURCE_DATE_EPOCH),
  };
}

async function dateOf(said: string | undefined): Promise<number> {
  const text = said ?? (await $({ cwd: ROOT })`git log -1 --format=%ct`).stdout.trim();
  if (/^\d{1,11}$/.test(text)) return Number(text);
  throw new Error(`Cannot use SOURCE_DATE_EPOCH: it is '${text}', expected seconds since 1970`);
}

function architectureOf(name: string): Architecture {
  const found = ARCHITECTURES.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new Error(`Cannot release for ${name}: expected ${ARCHITECTURES.join(' or ')}`);
}

/** Those that are built, of those that are wanted. */
async function imagesOf(wanted: readonly string[] | undefined): Promise<string[]> {
  const files = await readdir(join(ROOT, 'release/dist/images')).catch(() => []);
  const built = files.flatMap((file) => /^(.+)\.oci\.tar$/.exec(file)?.[1] ?? []).toSorted();
  if (wanted === undefined) return built;
  const names = wanted.filter((name) => name !== 'none');
  const missing = names.find((name) => !built.includes(name));
  if (missing === undefined) return names;
  throw new Error(
    `Cannot release image ${missing}: it is not built. Build it with npm run images -- ${missing}`,
  );
}

function levelOf(text: string): number {
  if (/^[0-9]$/.test(text)) return Number(text);
  throw new Error(`Cannot use --level ${text}: expected a digit`);
}

/** @param tag what the release is published as, if that is known */
function checkTag(tag: string | undefined, version: string): void {
  if (tag === undefined || tag === `v${version}`) return;
  throw new Error(
    `Cannot release tag ${tag}: package.json has version ${version}, expected tag v${version}`,
  );
}

/** @param text the key itself, for where no file is named */
async function keyOf(file: string | undefined, text: string | undefined) {
  if (file === undefined && !text) return undefined;
  try {
    return readSigningKey(file === undefined ? String(text) : await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot read signing key ${file ?? 'of WALT_SIGNING_KEY'}: ${why}. ` +
        'Make one with openssl genpkey -algorithm ed25519',
      { cause },
    );
  }
}
