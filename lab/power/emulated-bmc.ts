// A BMC that speaks Redfish (DMTF DSP0266) by HTTPS, with a certificate that it signed itself.

import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { succeed } from '../programs/run-program.ts';

type Options = {
  /** files of its certificate */
  readonly folder: string;
  /** `user:password` */
  readonly login: string;
  /** names of its machines; one by default */
  readonly machines?: readonly string[];
  /** what it says that it can do */
  readonly resetTypes?: readonly string[];
};

/** A running BMC. */
export type EmulatedBmc = AsyncDisposable & {
  readonly port: number;
  /** SHA-256 of its certificate, with colons */
  readonly fingerprint: string;
  /** whether each machine is on */
  readonly power: Map<string, boolean>;
  /** orders that it took, as `1 ForceOff` */
  readonly orders: string[];
  /** requests that came, good or bad */
  readonly requests: () => number;
  /** it takes orders and does nothing */
  isStuck: boolean;
};

const ALL = ['On', 'ForceOff', 'ForceRestart', 'PowerCycle', 'GracefulShutdown'];
const ROOT = '/redfish/v1/Systems';

/** Starts it on loopback. */
export async function emulateBmc(options: Options): Promise<EmulatedBmc> {
  const { folder, login, machines = ['1'], resetTypes = ALL } = options;
  const { cert, key } = await makeCertificate(folder);
  let requests = 0;
  const server = createServer({ cert, key }, async (request, response) => {
    requests += 1;
    const given = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString();
    if (given !== login) return response.writeHead(401).end();
    const answer = await answerTo(request, { bmc, resetTypes });
    if (answer === undefined) return response.writeHead(404).end();
    if (answer === null) return response.writeHead(204).end();
    return response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bmc: EmulatedBmc = {
    port: (server.address() as AddressInfo).port,
    fingerprint: new X509Certificate(cert).fingerprint256,
    power: new Map(machines.map((name) => [name, true])),
    orders: [],
    requests: () => requests,
    isStuck: false,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return bmc;
}

/** null: done, and nothing to say; undefined: there is no such thing */
async function answerTo(
  request: IncomingMessage,
  { bmc, resetTypes }: { readonly bmc: EmulatedBmc; readonly resetTypes: readonly string[] },
): Promise<object | null | undefined> {
  const { url = '', method } = request;
  if (url === ROOT) {
    return { Members: [...bmc.power.keys()].map((name) => ({ '@odata.id': `${ROOT}/${name}` })) };
  }
  const [name = '', ...action] = url.slice(ROOT.length + 1).split('/');
  const isOn = bmc.power.get(name);
  if (!url.startsWith(`${ROOT}/`) || isOn === undefined) return undefined;
  if (action.length === 0) return systemOf(name, { isOn, resetTypes });
  if (method !== 'POST' || action.join('/') !== 'Actions/ComputerSystem.Reset') return undefined;
  const { ResetType: type } = JSON.parse(await textOf(request));
  if (!resetTypes.includes(type)) return undefined;
  bmc.orders.push(`${name} ${type}`);
  if (!bmc.isStuck) bmc.power.set(name, !/Off|Shutdown/.test(type));
  return null;
}

function systemOf(
  name: string,
  { isOn, resetTypes }: { readonly isOn: boolean; readonly resetTypes: readonly string[] },
) {
  return {
    '@odata.id': `${ROOT}/${name}`,
    PowerState: isOn ? 'On' : 'Off',
    Actions: {
      '#ComputerSystem.Reset': {
        target: `${ROOT}/${name}/Actions/ComputerSystem.Reset`,
        'ResetType@Redfish.AllowableValues': resetTypes,
      },
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

async function makeCertificate(folder: string) {
  await mkdir(folder, { recursive: true });
  const [cert, key] = [join(folder, 'bmc.crt'), join(folder, 'bmc.key')];
  await succeed([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ...['-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=bmc'],
  ]);
  return { cert: await readFile(cert), key: await readFile(key) };
}
