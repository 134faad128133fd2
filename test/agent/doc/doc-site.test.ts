import test from 'ava';
import { helpTopics } from '../../../agent/cli/help/help-pages.ts';
import { docPageAt } from '../../../agent/doc/doc-site.ts';

test('docPageAt() has a page for each topic of walt help', (t) => {
  const list = docPageAt('/doc/') ?? '';
  for (const topic of helpTopics()) {
    t.true(list.includes(`href="/doc/${topic}"`), topic);
    t.regex(docPageAt(`/doc/${topic}`) ?? '', /<h1>/, topic);
  }
});

test('docPageAt() links to pages that exist', (t) => {
  const paths = ['/doc', ...helpTopics().map((topic) => `/doc/${topic}`)];
  const links = paths.flatMap((path) =>
    [...(docPageAt(path) ?? '').matchAll(/href="(\/doc\/[^"]*)"/g)].map(([, to = '']) => to),
  );
  t.true(links.length > 2 * paths.length);
  for (const link of links) t.not(docPageAt(link), undefined, link);
});

test('docPageAt() shows what stands in angle brackets as text', (t) => {
  const pages = helpTopics().map((topic) => docPageAt(`/doc/${topic}`) ?? '');
  for (const page of pages) t.notRegex(page, /<(script|iframe|img)/);
});

test('docPageAt() knows no other path', (t) => {
  for (const path of ['/', '/docs/', '/doc/../etc/passwd', '/doc/constructor', '/doc/nothing']) {
    t.is(docPageAt(path), undefined, path);
  }
});
