// A real registry (Debian's docker-registry) on loopback, with credentials and TLS where a test wants them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../network/free-port.ts';
import { runProgram, succeed } from '../programs/run-program.ts';

/** A registry that runs. */
export type OciRegistry = {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** certificate that its own is signed by; only with TLS */
  readonly ca: string;
  /** Copies the image of an OCI layout into it. */
  readonly push: (layout: string, name: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Options = {
  /** `user:password` that it asks for */
  readonly login?: string;
  readonly tls?: boolean;
  /** it takes nothing */
  readonly isReadOnly?: boolean;
  /** who gives the tokens that it asks for */
  readonly tokens?: {
    readonly realm: string;
    readonly service: string;
    readonly issuer: string;
    /** file with the certificate that tokens are signed by */
    readonly rootcertbundle: string;
  };
  /** by default a free one */
  readonly port?: number;
  /** makes a command line one of another network namespace */
  readonly within?: (argv: readonly string[]) => readonly string[];
};

/**
 * Starts a registry and waits until it answers.
 * @param folder keeps the images: a registry started with it again has them
 * @throws {Error} when it ends at once, or does not answer within 10 s
 */
export async function startRegistry(
  folder: string,
  {
    login,
    tls = false,
    isReadOnly = false,
    tokens,
    port: wanted,
    within = (argv) => argv,
  }: Options = {},
): Promise<OciRegistry> {
  const port = wanted ?? (await freePort());
  const address = `127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  if (tls) await makeCertificates(folder);
  const http = {
    addr: address,
    ...(tls ? { tls: { certificate: join(folder, 'own.crt'), key: join(folder, 'own.key') } } : {}),
  };
  if (login !== undefined) {
    const { said } = await succeed(['htpasswd', '-Bbn', ...login.split(':')]);
    await writeFile(join(folder, 'htpasswd'), said);
  }
  const htpasswd = { realm: 'test', path: join(folder, 'htpasswd') };
  const auth =
    login === undefined && tokens === undefined
      ? {}
      : { auth: tokens === undefined ? { htpasswd } : { token: tokens } };
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: {
      filesystem: { rootdirectory: join(folder, 'data') },
      ...(isReadOnly ? { maintenance: { readonly: { enabled: true } } } : {}),
    },
    http,
    ...auth,
  };
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const [file = '', ...args] = within(['docker-registry', 'serve', join(folder, 'config.yml')]);
  const child = spawn(file, args, { stdio: 'ignore' });
  const url = `${tls ? 'https' : 'http'}://${address}/v2/`;
  await waitUntilHeard(
    child,
    within(['curl', '--silent', '--insecure', '--output', '/dev/null', url]),
  );
  const credentials = login === undefined ? [] : [`--dest-creds=${login}`];
  return {
    address,
    ca: join(folder, 'ca.crt'),
    push: async (layout, name) => {
      const access = [...credentials, '--dest-tls-verify=false'];
      const target = `docker://${address}/${name}`;
      const copy = ['skopeo', '--insecure-policy', 'copy', ...access, `oci:${layout}`, target];
      await succeed(within(copy));
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function makeCertificates(folder: string): Promise<void> {
  const file = (name: string) => join(folder, name);
  const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}.key`)];
  await succeed([
    ...['openssl', 'req', '-x509', ...key('ca'), '-out', file('ca.crt')],
    ...['-days', '2', '-subj', '/CN=test authority'],
  ]);
  const request = file('own.csr');
  await succeed([
    'openssl',
    'req',
    '-new',
    ...key('own'),
    '-out',
    request,
    '-subj',
    '/CN=registry',
  ]);
  await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1');
  await succeed([
    ...['openssl', 'x509', '-req', '-in', request, '-out', file('own.crt'), '-days', '2'],
    ...[
      '-CA',
      file('ca.crt'),
      '-CAkey',
      file('ca.key'),
      '-CAcreateserial',
      '-extfile',
      file('names'),
    ],
  ]);
}

async function waitUntilHeard(child: ChildProcess, question: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended (${child.exitCode})`);
    if ((await runProgram(question)).code === 0) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error('docker-registry does not answer');
}
