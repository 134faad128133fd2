// A server of the page on loopback, by HTTPS: the answers of a test platform, and the page as it is bundled.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Accounts } from '../../../agent/access/accounts.ts';
import { ownCertificate } from '../../../agent/access/certificates.ts';
import { readPage } from '../../../agent/api/page/page-files.ts';
import type { ApiAnswers } from '../../../agent/api/routes.ts';
import { startTlsApi } from '../../../agent/api/tls-server.ts';
import { limitedTlsServer } from '../../../agent/net/limits/limited-tls-server.ts';
import { pageFiles } from '../../../scripts/bundle/page.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Bundles the page into a folder. */
export async function bundlePage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, contents } of await pageFiles(ROOT)) {
    await writeFile(join(folder, basename(name)), contents);
  }
}

/** @param folder for its certificate and the page. @returns its address */
export async function servePageOf(
  parts: { readonly answers: ApiAnswers; readonly accounts: Accounts },
  { folder, onProblem }: { readonly folder: string; readonly onProblem: (reason: unknown) => void },
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  await bundlePage(join(folder, 'page'));
  const tls = await ownCertificate(join(folder, 'api'), ['127.0.0.1']);
  const api = await startTlsApi(parts.answers, {
    ...{ accounts: parts.accounts, host: '127.0.0.1', port: 0, onProblem },
    page: await readPage(join(folder, 'page')),
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined }),
  });
  return { url: `https://127.0.0.1:${api.port}`, close: api.close };
}
