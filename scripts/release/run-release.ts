// Takes the steps of a release, one after the other, into one folder.
import type { KeyObject } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleTar } from '../archive/tar-headers.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { bundles } from '../bundle/bundles.ts';
import type { Places } from '../inputs/fetch.ts';
import { buildMedium } from '../media/build.ts';
import { $ } from '../run.ts';
import { gzip } from '../steps/gzip.ts';
import { type Manifest, manifestOf, sha256Of, sumsText } from './manifest.ts';
import { minisignature } from './minisign.ts';
import { unpackRuntime } from './node-runtime.ts';
import { releaseNotes } from './notes.ts';
import type { Architecture, DebianPackage, PackageFile } from './package.ts';
import { clientPackage, npmClient } from './packages/client.ts';
import { imagePackage } from './packages/image.ts';
import { pythonPackage } from './packages/python.ts';
import { serverPackage } from './packages/server.ts';
import { typescriptClient } from './packages/typescript.ts';
import {
  NOTES,
  npmApiName,
  npmName,
  type ReleasePlan,
  type ReleaseStep,
  sbomName,
} from './plan.ts';
import { billOfMaterials } from './sbom.ts';
import { layOut, type PackingLevel, writeDeb } from './write-deb.ts';

/** What a plan does not say. */
export type ReleaseOptions = {
  /** the folder of the release */
  readonly to: string;
  readonly places: Places;
  readonly level: PackingLevel;
  /** signs the sums */
  readonly key?: KeyObject;
  readonly onStep: (step: ReleaseStep) => void;
};

const MANIFEST = 'manifest.json';
const SUMS = 'SHA256SUMS';

/** Runs all steps. @throws what a step throws; what was there before keeps its old content as far as it was not reached */
export async function runRelease(plan: ReleasePlan, options: ReleaseOptions): Promise<void> {
  await mkdir(options.to, { recursive: true });
  const made = await bundles(plan.facts.root);
  for (const step of plan.steps) {
    options.onStep(step);
    await takeStep(step, { plan, made, ...options });
  }
}

type Work = ReleaseOptions & { readonly plan: ReleasePlan; readonly made: readonly Bundle[] };

async function takeStep(step: ReleaseStep, work: Work): Promise<void> {
  const { facts } = work.plan;
  switch (step.kind) {
    case 'medium':
      await buildMedium(step.medium.plan, {
        ...{ root: facts.root, places: work.places, to: work.to },
        path: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
      });
      return;
    case 'client':
      return writePackage(await clientPackage(facts, work.made), work);
    case 'npm-client':
      return writeNpm(npmName(facts), await npmClient(facts, work.made), work);
    case 'python-client':
      return writePackage(await pythonPackage(facts), work);
    case 'npm-api':
      return writeNpm(npmApiName(facts), await typescriptClient(facts), work);
    case 'server':
      return writeServer(step.architecture, work);
    case 'image':
      return writeImage(step.image, work);
    case 'notes': {
      const changelog = await readFile(join(facts.root, 'CHANGELOG.md'), 'utf8');
      return write(NOTES, releaseNotes(changelog, facts.version), work);
    }
    case 'sbom':
      return writeBill(work);
    case 'manifest': {
      const manifest = await manifestOf(facts, work.plan.shipped, work.to);
      return write(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`, work);
    }
    case 'sums':
      return writeSums(work);
    case 'signature':
      return writeSignature(work);
  }
}

async function writePackage(deb: DebianPackage, { plan, to, level }: Work): Promise<void> {
  await writeDeb(deb, { to, level, date: plan.facts.date });
}

async function writeServer(architecture: Architecture, work: Work): Promise<void> {
  const { plan, made, places, to } = work;
  await inFolder(async (folder) => {
    const runtime = await unpackRuntime(architecture, { places, to: folder });
    const outputs = plan.media.map((medium) => medium.plan.output);
    const folders = plan.media.flatMap((medium) => medium.plan.folder ?? []);
    const parts = { architecture, made, runtime, media: to, outputs, folders };
    await writePackage(await serverPackage(plan.facts, parts), work);
  });
}

/** The archive also as it is: for who has no Debian, or copies it into a registry. */
async function writeImage(image: string, work: Work): Promise<void> {
  const { facts } = work.plan;
  const archive = join(facts.root, 'release/dist/images', `${image}.oci.tar`);
  await writePackage(await imagePackage(facts, { image, archive }), work);
  const unfinished = join(work.to, `.${image}.${process.pid}`);
  await copyFile(archive, unfinished);
  await rename(unfinished, join(work.to, `${image}.oci.tar`));
}

/** An archive as npm(1) makes them. */
async function writeNpm(name: string, files: readonly PackageFile[], work: Work): Promise<void> {
  const { facts } = work.plan;
  await inFolder(async (folder) => {
    await layOut(files, join(folder, 'tree'));
    const archive = join(folder, 'client.tar');
    const how = ['--format=ustar', `--mtime=@${facts.date}`, '--owner=0', '--group=0'];
    const names = files.map(({ path }) => path).toSorted();
    const from = ['--numeric-owner', '--directory', join(folder, 'tree')];
    await $`tar --create --file ${archive} ${how} ${from} ${names}`;
    await settleTar(archive);
    await write(name, gzip(await readFile(archive)), work);
  });
}

async function writeBill(work: Work): Promise<void> {
  const { facts, shipped, inputs } = work.plan;
  const done = shipped.filter(({ kind }) => kind !== 'sbom');
  const { files } = await manifestOf(facts, done, work.to);
  await write(sbomName(facts), await billOfMaterials(facts, { inputs, files }), work);
}

async function writeSums(work: Work): Promise<void> {
  const manifest = JSON.parse(await readFile(join(work.to, MANIFEST), 'utf8')) as Manifest;
  const own = { name: MANIFEST, sha256: await sha256Of(join(work.to, MANIFEST)) };
  await write(SUMS, sumsText([...manifest.files, own]), work);
}

async function writeSignature(work: Work): Promise<void> {
  const { key, plan, to } = work;
  if (key === undefined) throw new Error('Cannot sign: no key');
  const comment = `walt ${plan.facts.version}, timestamp:${plan.facts.date}`;
  await write(`${SUMS}.minisig`, minisignature(await readFile(join(to, SUMS)), key, comment), work);
}

/** A file appears whole or not at all. */
async function write(name: string, content: string | Uint8Array, { to }: Work): Promise<void> {
  const unfinished = join(to, `.${name}.${process.pid}`);
  await writeFile(unfinished, content);
  await rename(unfinished, join(to, name));
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-release-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
