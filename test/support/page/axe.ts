// Whether people with screen readers and keyboards can use a page, as far as a program tells it.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** A page of any browser. */
type Looked = { evaluate(expression: string): Promise<unknown> };

type Violation = {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
};

const RUN = 'axe.run().then(({ violations }) => JSON.stringify(violations))';

/** A line for each violation of axe's rules; the page's policy lets no script in but by the browser's own door. */
export async function violations(page: Looked): Promise<string[]> {
  const source = await readFile(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
    'utf8',
  );
  await page.evaluate(source);
  const found: readonly Violation[] = JSON.parse(String(await page.evaluate(RUN)));
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  );
}
