// What `npm run release` is going to do, decided before anything is touched.
import type { Input } from '../inputs/input.ts';
import { inputs } from '../inputs/sources.ts';
import type { Shipped } from './manifest.ts';
import { type ReleasedMedium, releasedMedia } from './media-list.ts';
import { LOADERS, RUNTIMES } from './node-runtime.ts';
import type { Architecture, ReleaseFacts } from './package.ts';

/** What people ask for. */
export type Wishes = {
  readonly architectures: readonly Architecture[];
  /** names of media; all if empty */
  readonly media: readonly string[];
  /** names of default images that are built, in release/dist/images */
  readonly images: readonly string[];
  readonly isSigned: boolean;
};

/** One step; each leaves its files in the folder of the release. */
export type ReleaseStep =
  | { readonly kind: 'medium'; readonly medium: ReleasedMedium }
  | { readonly kind: 'server'; readonly architecture: Architecture }
  | {
      readonly kind:
        | 'client'
        | 'npm-client'
        | 'python-client'
        | 'npm-api'
        | 'sbom'
        | 'notes'
        | 'manifest'
        | 'sums'
        | 'signature';
    }
  | { readonly kind: 'image'; readonly image: string };

/** A whole release. */
export type ReleasePlan = {
  readonly facts: ReleaseFacts;
  readonly steps: readonly ReleaseStep[];
  readonly media: readonly ReleasedMedium[];
  /** what is taken from elsewhere */
  readonly inputs: readonly Input[];
  /** what the manifest lists */
  readonly shipped: readonly Shipped[];
};

/** Decides all of it. @throws {Error} for a medium that is none */
export function releasePlan(facts: ReleaseFacts, wishes: Wishes): ReleasePlan {
  const { architectures, images, isSigned } = wishes;
  const media = releasedMedia(wishes.media);
  return {
    ...{
      facts,
      media,
      inputs: inputsOf(media, architectures),
      shipped: shippedOf(facts, media, wishes),
    },
    steps: [
      ...media.map((medium) => ({ kind: 'medium', medium }) as const),
      { kind: 'client' },
      { kind: 'npm-client' },
      { kind: 'python-client' },
      { kind: 'npm-api' },
      ...architectures.map((architecture) => ({ kind: 'server', architecture }) as const),
      ...images.map((image) => ({ kind: 'image', image }) as const),
      { kind: 'notes' },
      { kind: 'sbom' },
      { kind: 'manifest' },
      { kind: 'sums' },
      ...(isSigned ? [{ kind: 'signature' } as const] : []),
    ],
  };
}

/** The plan as text, a line for each step and each file. */
export function printReleasePlan({ facts, steps, shipped, inputs: taken }: ReleasePlan): string {
  const lines = [
    `version  ${facts.version} of ${new Date(facts.date * 1000).toISOString()}`,
    ...taken.map((input) => `input    ${'package' in input ? input.package : input.file}`),
    ...steps.map((step) => `step     ${step.kind}${detailOf(step)}`),
    ...shipped.map(({ name }) => `output   ${name}`),
    'output   manifest.json',
    'output   SHA256SUMS',
    ...(steps.some(({ kind }) => kind === 'signature') ? ['output   SHA256SUMS.minisig'] : []),
  ];
  return lines.join('\n');
}

function detailOf(step: ReleaseStep): string {
  if (step.kind === 'medium') return ` ${step.medium.plan.output}`;
  if (step.kind === 'server') return ` ${step.architecture}`;
  return step.kind === 'image' ? ` ${step.image}` : '';
}

/** What the bill of materials is called. */
export function sbomName({ version }: ReleaseFacts): string {
  return `walt_${version}.cdx.json`;
}

/** What the package for npm is called. */
export function npmName({ version }: ReleaseFacts): string {
  return `walt-client-${version}.tgz`;
}

/** What the package of the client for programs is called. */
export function npmApiName({ version }: ReleaseFacts): string {
  return `walt-api-${version}.tgz`;
}

/** What the notes are called. */
export const NOTES = 'RELEASE-NOTES.md';

function shippedOf(
  facts: ReleaseFacts,
  media: readonly ReleasedMedium[],
  { architectures, images }: Wishes,
): Shipped[] {
  const { version } = facts;
  return [
    ...media.map(({ plan, summary }) => ({ name: plan.output, kind: 'medium' as const, summary })),
    ...architectures.map((architecture) => ({
      ...{ name: `walt-server_${version}_${architecture}.deb`, kind: 'package' as const },
      summary: `the server, for Debian 12 and 13 on ${architecture}`,
    })),
    {
      ...{ name: `walt-client_${version}_all.deb`, kind: 'package' },
      summary: 'the command walt, for Debian',
    },
    { name: npmName(facts), kind: 'npm', summary: 'the command walt, for Node.js 24' },
    {
      ...{ name: `python3-walt_${version}_all.deb`, kind: 'package' },
      summary: 'the module walt for programs in Python, for Debian',
    },
    {
      ...{ name: npmApiName(facts), kind: 'npm' },
      summary: 'the module walt-api for programs in TypeScript and JavaScript',
    },
    ...images.flatMap((image) => [
      {
        ...{ name: `walt-image-${image}_${version}_all.deb`, kind: 'package' as const },
        summary: `default image for ${image}, for Debian`,
      },
      { name: `${image}.oci.tar`, kind: 'image' as const, summary: `default image for ${image}` },
    ]),
    { name: sbomName(facts), kind: 'sbom', summary: 'bill of materials (CycloneDX)' },
    { name: NOTES, kind: 'notes', summary: 'what is new' },
  ];
}

function inputsOf(
  media: readonly ReleasedMedium[],
  architectures: readonly Architecture[],
): Input[] {
  const ofMedia = media.flatMap(({ plan }) => [
    ...plan.inputs,
    ...(plan.steps.some(({ kind }) => kind === 'u-boot') ? [inputs.uBoot, inputs.uBootDebian] : []),
  ]);
  const ofServers = architectures.flatMap((name) => {
    const { node, natives } = RUNTIMES[name];
    return [node, ...natives.map(({ input }) => input)];
  });
  const all = [...ofMedia, ...ofServers, ...(architectures.length > 0 ? LOADERS : [])];
  return [...new Set<Input>(all)];
}
