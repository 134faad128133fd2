// A server with the page and 1,000 nodes that boot all the time: it answers what the list of nodes asks, and nothing else.
import { createServer } from 'node:https';
import { join } from 'node:path';
import fastify from 'fastify';
import type { Page } from 'playwright-core';
import { ownCertificate } from '../../agent/access/certificates.ts';
import { readPage } from '../../agent/api/page/page-files.ts';
import { servePage } from '../../agent/api/page/serve-page.ts';

export const NODES = 1000;
export const EVENTS_A_SECOND = 50;

const STATES = ['dhcp', 'files', 'mounted', 'booted'] as const;

/** A server, and how a browser gets to its list of nodes. */
export type Platform = {
  readonly url: string;
  /** a program that begins Chromium where it reaches the server */
  readonly chromium: string;
  readonly logIn: (page: Page) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** @param page folder of the page as it is bundled */
export async function servePlatform(folder: string, page: string): Promise<Platform> {
  const tls = await ownCertificate(join(folder, 'api'), ['127.0.0.1']);
  const api = fastify({
    forceCloseConnections: true,
    serverFactory: (handle) => createServer(tls, handle),
  });
  const timers = new Set<NodeJS.Timeout>();
  api.get('/api/v1/whoami', async () => ({ user: 'alice', role: 'admin' }));
  api.get('/api/v1/nodes', async () => ({ nodes: Array.from({ length: NODES }, nodeOf) }));
  api.get('/api/v1/events', (_, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      reply.raw.write(eventOf(count));
    }, 1000 / EVENTS_A_SECOND);
    timers.add(timer);
    reply.raw.once('close', () => clearInterval(timer));
  });
  servePage(api, await readPage(page));
  const url = await api.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: url.replace(/^http:/, 'https:'),
    chromium: '/usr/bin/chromium',
    logIn: async () => undefined,
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await api.close();
    },
  };
}

function nodeOf(_: unknown, index: number) {
  return {
    ...{
      name: `node-${index}`,
      type: 'physical',
      model: index % 3 === 0 ? 'pc-x86-64' : 'rpi-4-b',
    },
    ...{ image: 'waltplatform/pc-x86-64-default:latest', owner: 'waltplatform' },
    ...{ ip: `10.0.${index >> 8}.${index & 255}`, mac: macOf(index), netsetup: 'LAN' },
    ...{ bootsLocal: false, booted: true, state: 'booted', since: Date.now() * 1000 },
  };
}

/** Each node comes a step further, one after the other; the first ones are in sight. */
function eventOf(count: number): string {
  const index = count % 2 === 0 ? count % 30 : (count * 7) % NODES;
  const state = STATES[Math.floor(count / 30) % STATES.length];
  const data = {
    ...{ time: new Date().toISOString(), name: `node-${index}`, mac: macOf(index), boot: count },
    ...{ signal: { kind: 'mounted' }, state },
    ...(state === 'dhcp' ? { attempt: 1 } : {}),
  };
  return `id: 1-${count}\nevent: boot\ndata: ${JSON.stringify(data)}\n\n`;
}

function macOf(index: number): string {
  const end = [index >> 8, index & 255].map((part) => part.toString(16).padStart(2, '0')).join(':');
  return `52:54:00:00:${end}`;
}
