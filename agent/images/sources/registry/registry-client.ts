// Reads from one registry (OCI Distribution Specification 1.1, "Pull" and "Content Discovery"; Docker's registry, catalogue).
import { readFile } from 'node:fs/promises';
import type { Descriptor } from '../../content/descriptor.ts';
import type { PartPlace } from '../../content/source.ts';
import { MOST_DOCUMENT } from '../choice/documents.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { credentialsFor, unusable } from './credentials.ts';
import { RegistryError } from './registry-error.ts';
import type { RemoteRegistry } from './remote-registry.ts';
import { type SmallAnswer, smallRequest } from './small-request.ts';
import { askForToken, type Token } from './tokens.ts';
import { trustedCertificates } from './trusted-certificates.ts';

/** Forms of manifests and lists: those of OCI, of Docker, and the old one, so that a registry that has no other says so. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws;q=0.1',
  'application/json;q=0.1',
].join(', ');
/** Where the registry that is called docker.io is. */
const HUB = 'docker.io';
const HUB_HOST = 'registry-1.docker.io';
const MOST_LIST = 4 * 2 ** 20;

type Access = {
  readonly credentials: string | undefined;
  readonly http: boolean;
  readonly ca?: string;
  readonly signal?: AbortSignal;
};

type Question = { readonly scope: string; readonly accept?: string; readonly limit: number };

/** One address of a registry. Made by `open`. Its methods throw {RegistryError} where they do not get what they ask for. */
export class RegistryClient {
  readonly #base: string;
  /** before the name of a repository, with its slash */
  readonly #prefix: string;
  readonly #access: Access;
  /** by scope: how the registry wanted it to be asked, and with what it let us in */
  readonly #challenges = new Map<string, Challenge>();
  readonly #tokens = new Map<string, Token>();

  private constructor(address: string, access: Access) {
    const [host = '', ...path] = address.split('/');
    const place = host === HUB ? HUB_HOST : host;
    this.#base = `${access.http ? 'http' : 'https'}://${place}`;
    this.#prefix = path.map((part) => `${part}/`).join('');
    this.#access = access;
  }

  /**
   * @param address of the registry or one of its mirrors
   * @throws {ConfigError} if a file of the configuration cannot be used
   */
  static async open(
    address: string,
    { registry, signal }: { readonly registry: RemoteRegistry; readonly signal?: AbortSignal },
  ): Promise<RegistryClient> {
    const { http } = registry;
    const credentials = await credentialsFor(address, registry);
    const trust = http ? {} : { ca: trustedCertificates(await ownCertificates(registry)) };
    const ending = signal === undefined ? {} : { signal };
    return new RegistryClient(address, { http, credentials, ...trust, ...ending });
  }

  /** Resolves where something answers as a registry does, whoever may log in. */
  async reach(): Promise<void> {
    const { status } = await this.#askOnce('/v2/', { scope: '', limit: MOST_DOCUMENT });
    if (status !== 200 && status !== 401) {
      throw new RegistryError('failed', `it answers with status ${status}, as no registry does`);
    }
  }

  /** @param reference tag or digest @returns bytes as they are; whoever asked by digest checks them */
  async manifest(repository: string, reference: string): Promise<Uint8Array> {
    const path = `/v2/${this.#prefix}${repository}/manifests/${reference}`;
    const question = { scope: this.#pull(repository), accept: MANIFESTS, limit: MOST_DOCUMENT };
    return (await this.#ask(path, question)).body;
  }

  /** A small part, as a configuration is. @returns bytes as they are; whoever asks checks them */
  async smallBlob(repository: string, { digest }: Pick<Descriptor, 'digest'>): Promise<Uint8Array> {
    const question = { scope: this.#pull(repository), limit: MOST_DOCUMENT };
    return (await this.#ask(this.#blobPath(repository, digest), question)).body;
  }

  /** Where a part is, and with what the registry gives it now. */
  async placeOf(
    repository: string,
    { digest }: Pick<Descriptor, 'digest'>,
  ): Promise<Extract<PartPlace, { kind: 'http' }>> {
    const { ca } = this.#access;
    const headers = await this.#authorization(this.#pull(repository));
    const url = `${this.#base}${this.#blobPath(repository, digest)}`;
    return { kind: 'http', url, headers, ...(ca === undefined ? {} : { ca }) };
  }

  /** A page of the list of repositories. @param path with its question, below the registry's address */
  async cataloguePage(path: string): Promise<Pick<SmallAnswer, 'body' | 'headers' | 'url'>> {
    return await this.#ask(path, { scope: 'registry:catalog:*', limit: MOST_LIST });
  }

  #pull(repository: string): string {
    return `repository:${this.#prefix}${repository}:pull`;
  }

  #blobPath(repository: string, digest: string): string {
    return `/v2/${this.#prefix}${repository}/blobs/${digest}`;
  }

  async #ask(path: string, question: Question): Promise<SmallAnswer> {
    const first = await this.#askOnce(path, question);
    if (first.status !== 401) return required(first);
    const { scheme } = this.#take(first, question.scope);
    const second = await this.#askOnce(path, question);
    if (second.status === 401 && scheme === 'basic') {
      throw new RegistryError('failed', 'access is denied: it does not take this user or password');
    }
    return required(second);
  }

  async #askOnce(path: string, { scope, accept = '*/*', limit }: Question): Promise<SmallAnswer> {
    const { ca, signal } = this.#access;
    const headers = { accept, ...(await this.#authorization(scope)) };
    return await smallRequest(`${this.#base}${path}`, {
      ...{ headers, limit },
      ...(ca === undefined ? {} : { ca }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Remembers how the registry wants to be asked; a token that it does not take any more is forgotten. */
  #take({ headers }: SmallAnswer, scope: string): Challenge {
    const challenges = parseChallenges(headers['www-authenticate'] ?? '');
    const wanted =
      challenges.find(({ scheme }) => scheme === 'bearer') ??
      challenges.find(({ scheme }) => scheme === 'basic');
    if (wanted === undefined) {
      throw new RegistryError('failed', 'access is denied: it does not say how to log in');
    }
    this.#tokens.delete(scope);
    if (wanted.scheme === 'basic' && this.#access.credentials === undefined) {
      throw new RegistryError('failed', 'access is denied: it lets in nobody without a login');
    }
    this.#challenges.set(scope, wanted);
    return wanted;
  }

  async #authorization(scope: string): Promise<Record<string, string>> {
    const challenge = this.#challenges.get(scope);
    if (challenge === undefined) return {};
    if (challenge.scheme === 'basic') return { authorization: `Basic ${this.#access.credentials}` };
    const known = this.#tokens.get(scope);
    const token =
      known !== undefined && known.renewAt > performance.now()
        ? known
        : await askForToken(challenge, { ...this.#access, scope });
    this.#tokens.set(scope, token);
    return { authorization: `Bearer ${token.text}` };
  }
}

function required(answer: SmallAnswer): SmallAnswer {
  const { status } = answer;
  if (status === 200) return answer;
  if (status === 404) throw new RegistryError('absent', 'it is not there');
  if (status === 401 || status === 403) {
    throw new RegistryError('failed', 'access is denied, or it is not there');
  }
  if (status === 429) throw new RegistryError('failed', 'it is asked too often: try again later');
  throw new RegistryError(
    'failed',
    `it answers with HTTP status ${status}${reasonIn(answer.body)}`,
  );
}

/** What the registry says itself, within bounds (distribution specification, "Error Codes"). */
function reasonIn(body: Buffer): string {
  try {
    const { errors } = JSON.parse(body.toString()) as { errors?: { message?: unknown }[] };
    const message = errors?.[0]?.message;
    return typeof message === 'string' && message !== '' ? `: ${message.slice(0, 200)}` : '';
  } catch {
    return '';
  }
}

async function ownCertificates(registry: RemoteRegistry): Promise<string> {
  const { ca: file } = registry;
  if (file === undefined) return '';
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unusable(registry, { file, cause });
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw unusable(registry, { file, cause: 'expected certificates in the form PEM' });
}
