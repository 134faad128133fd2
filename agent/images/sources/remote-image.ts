// Asks a registry for an image by name: what it consists of, before anything is copied.
import { runProgram } from '../../host/program.ts';
import type { Descriptor, Manifest } from '../content/blobs.ts';
import { complaintOf } from './oci.ts';
import { type RemoteRegistry, registryArgs } from './registry-access.ts';

export type RemoteImage = {
  /** as skopeo names it, `docker://host/owner/name@sha256:…` */
  readonly reference: string;
  /** parts with their sizes, compressed */
  readonly parts: readonly Descriptor[];
};

export type Asked =
  | { readonly kind: 'found'; readonly image: RemoteImage }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly reason: string };

type Index = {
  readonly manifests?: readonly (Descriptor & {
    readonly platform?: { readonly architecture?: string; readonly os?: string };
  })[];
};

type Question = {
  /** `owner/name:tag` */
  readonly name: string;
  /** as Go names them, best first: which image of several is wanted */
  readonly architectures: readonly string[];
  readonly work: string;
  readonly signal?: AbortSignal;
};

/** Asks the mirrors first, then the registry itself. */
export async function askRegistry(registry: RemoteRegistry, question: Question): Promise<Asked> {
  const failures: string[] = [];
  for (const address of [...registry.mirrors, registry.address]) {
    const asked = await askAddress(address, registry, question);
    if (asked.kind === 'found') return asked;
    if (asked.kind === 'failed') failures.push(`${address}: ${asked.reason}`);
  }
  return failures.length === 0
    ? { kind: 'absent' }
    : { kind: 'failed', reason: failures.join('; ') };
}

async function askAddress(
  address: string,
  registry: RemoteRegistry,
  question: Question,
): Promise<Asked> {
  const { name, architectures, work, signal } = question;
  const repository = name.slice(0, name.lastIndexOf(':'));
  const access = await registryArgs(registry, { side: '', work });
  const options = signal === undefined ? {} : { signal };
  const inspect = async (reference: string) =>
    JSON.parse(
      await runProgram('skopeo', ['inspect', '--raw', ...access, reference], options),
    ) as Index & Manifest;
  try {
    const reference = `docker://${address}/${name}`;
    const first = await inspect(reference);
    if (first.manifests === undefined) return found(reference, first);
    const chosen = choose(first, architectures);
    if (chosen === undefined) {
      const wanted = architectures.join(' or ');
      return { kind: 'failed', reason: `${name} is not there for ${wanted || 'this machine'}` };
    }
    const exact = `docker://${address}/${repository}@${chosen}`;
    return found(exact, await inspect(exact));
  } catch (thrown) {
    return failureOf(thrown);
  }
}

function found(reference: string, { config, layers }: Manifest): Asked {
  if (config === undefined || layers === undefined) {
    return {
      kind: 'failed',
      reason: 'its manifest is of a kind too old (schema 1): push it again',
    };
  }
  return { kind: 'found', image: { reference, parts: [config, ...layers] } };
}

function choose({ manifests = [] }: Index, architectures: readonly string[]): string | undefined {
  if (manifests.length === 1) return manifests[0]?.digest;
  for (const architecture of architectures) {
    const fits = manifests.find(({ platform }) => platform?.architecture === architecture);
    if (fits !== undefined) return fits.digest;
  }
  return undefined;
}

function failureOf(thrown: unknown): Asked {
  const reason = complaintOf(thrown);
  return /manifest unknown|name unknown|status code 404/i.test(reason)
    ? { kind: 'absent' }
    : { kind: 'failed', reason };
}
