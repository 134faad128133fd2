// The bill of materials of a release (CycloneDX): packages of npm as npm knows them, and everything else that is shipped.
import { createHash } from 'node:crypto';
import { fileName, type Input } from '../inputs/input.ts';
import { $ } from '../run.ts';
import { LICENCES } from './licences.ts';
import type { ManifestFile } from './manifest.ts';
import type { ReleaseFacts } from './package.ts';

type Component = Readonly<Record<string, unknown>>;
type Bom = {
  serialNumber: string;
  metadata: { component: Component } & Record<string, unknown>;
  components: Component[];
  [other: string]: unknown;
};

type Parts = {
  /** what was taken from elsewhere, some of it several times */
  readonly inputs: readonly Input[];
  /** what is shipped of it */
  readonly files: readonly ManifestFile[];
};

/** The whole text. Nothing in it is of today: the same release has the same bill. */
export async function billOfMaterials(facts: ReleaseFacts, parts: Parts): Promise<string> {
  const options = ['--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only'];
  const { stdout } = await $({ cwd: facts.root })`npm sbom ${options}`;
  const bom = JSON.parse(stdout) as Bom;
  const taken = new Map(parts.inputs.map((input) => [fileName(input), input]));
  const components = [
    ...bom.components,
    ...[...taken.values()].map(componentOf),
    ...parts.files.map(({ name, sha256, summary }) => ({
      ...{ type: 'file', 'bom-ref': `file:${name}`, name, version: facts.version },
      ...{ description: summary, hashes: hash(sha256) },
    })),
  ].toSorted((a, b) => (String(a['bom-ref']) < String(b['bom-ref']) ? -1 : 1));
  const timestamp = new Date(facts.date * 1000).toISOString();
  // npm takes the name of the folder.
  const component = { ...bom.metadata.component, name: 'walt' };
  const whole = { ...bom, metadata: { ...bom.metadata, timestamp, component }, components };
  const serialNumber = numberOf({ ...whole, serialNumber: '' });
  return `${JSON.stringify({ ...whole, serialNumber }, null, 2)}\n`;
}

/** A component with licence, origin and hash. @throws {Error} where the licence is not known */
export function componentOf(input: Input): Component {
  const file = fileName(input);
  const name = 'package' in input ? input.package : 'source' in input ? input.source : input.file;
  const licence = LICENCES[name];
  if (licence === undefined) {
    throw new Error(`Cannot list ${name}: add its licence to scripts/release/licences.ts`);
  }
  const isFirmware = input.kind === 'url' || /firmware/.test(name);
  return {
    ...{ type: isFirmware ? 'firmware' : 'application', 'bom-ref': `input:${file}`, name },
    ...('version' in input ? { version: input.version } : {}),
    ...{ licenses: [{ expression: licence }], hashes: hash(input.sha256) },
    externalReferences: [{ type: 'distribution', url: originOf(input) }],
  };
}

/** A page that lasts: an archive keeps a version only until the next one. */
function originOf(input: Input): string {
  if (input.kind === 'url') return input.url;
  if (input.kind === 'npm') {
    return `https://www.npmjs.com/package/${input.package}/v/${input.version}`;
  }
  return `https://tracker.debian.org/pkg/${input.source}`;
}

function hash(sha256: string): Component[] {
  return [{ alg: 'SHA-256', content: sha256 }];
}

/** A UUID made of the content (RFC 9562, version 8). */
function numberOf(content: unknown): string {
  const hex = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`;
}
