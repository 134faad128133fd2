// A registry with one image, `lab/web:v1`, that answers as a test wants where it is to be odd.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from 'ava';
import { digestOf } from '../../../../agent/images/content/digest.ts';
import { askRegistry } from '../../../../agent/images/sources/registry/registry-image.ts';
import { tar } from '../tar.ts';
import { startStandIn } from './http-stand-in.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export const layer = tar([{ path: 'file', content: 'a layer' }]);
export const config = Buffer.from(
  JSON.stringify({ os: 'linux', rootfs: { type: 'layers', diff_ids: [digestOf(layer)] } }),
);
const part = (bytes: Uint8Array) => ({ digest: digestOf(bytes), size: bytes.length });
const manifest = Buffer.from(
  JSON.stringify({ schemaVersion: 2, config: part(config), layers: [part(layer)] }),
);

/** What an honest registry answers. */
export const honest: Answer = ({ url = '' }, response) => {
  if (url.includes('/manifests/')) return response.end(manifest);
  if (url.endsWith(digestOf(config))) return response.end(config);
  if (url.endsWith(digestOf(layer))) return response.end(layer);
  return response.writeHead(404).end();
};

/** Asks such a registry for its image. */
export async function ask(t: ExecutionContext, answer: Answer, credentials?: string) {
  const server = await startStandIn(t, answer);
  const login = credentials === undefined ? {} : { credentials };
  const remote = { name: 'odd', address: server.address, http: true, mirrors: [], ...login };
  const asked = await askRegistry(remote, { name: 'lab/web:v1', wanted: {} });
  return { asks: server.asked, asked, text: JSON.stringify(asked) };
}
