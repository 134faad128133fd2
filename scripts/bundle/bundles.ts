// The programs as single files that need nothing but Node.js 24: the same sources, the same bytes, wherever they lie.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { builtInModules } from './built-in-modules.ts';
import type { Bundle } from './bundle.ts';
import { latePackages } from './late-packages.ts';
import { oneLanguage } from './one-language.ts';
import { pageFiles } from './page.ts';

/** What is bundled: entry point and name of the file, and whether people start it. */
const PROGRAMS = [
  { entry: 'agent/main.ts', name: 'walt-server', isStarted: true },
  { entry: 'agent/setup/main.ts', name: 'walt-server-setup', isStarted: true },
  { entry: 'agent/helper/main.ts', name: 'walt-server-host', isStarted: true },
  { entry: 'agent/helper/workshop/main.ts', name: 'walt-server-workshop', isStarted: true },
  { entry: 'agent/helper/outside/main.ts', name: 'walt-server-outside', isStarted: true },
  { entry: 'agent/helper/runner/main.ts', name: 'walt-server-runner', isStarted: true },
  { entry: 'agent/cli/main.ts', name: 'walt', isStarted: true },
  {
    entry: 'agent/store/sqlite/writing/writer-program.ts',
    name: 'walt-server-writer.mjs',
    isStarted: false,
  },
  { entry: 'agent/net/frames/ears-program.ts', name: 'walt-server-ears.mjs', isStarted: false },
  {
    entry: 'agent/host/matching/matcher-program.ts',
    name: 'walt-server-matcher.mjs',
    isStarted: false,
  },
  {
    entry: 'agent/images/intake/unpacker/program.ts',
    name: 'walt-server-unpacker.mjs',
    isStarted: false,
  },
] as const;

// Dependencies written as CommonJS expect these three, which a module does not have.
const REQUIRE = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** The page and all programs, and beside one the licences of what is in it. @param root of the project */
export async function bundles(root: string): Promise<Bundle[]> {
  const launcher = await launcherOf(root);
  const made: Bundle[] = await pageFiles(root);
  for (const { entry, name, isStarted } of PROGRAMS) {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      banner: { js: isStarted ? `${launcher}\n${REQUIRE}` : REQUIRE },
      // Paths of modules are in the bundle, also where node_modules is a link to elsewhere.
      preserveSymlinks: true,
      // They have native parts, which are looked for when a shell on a terminal is opened, and when the server starts.
      external: ['@lydell/node-pty', 'koffi'],
      plugins: [builtInModules, oneLanguage, latePackages],
      minifyWhitespace: true,
      minifySyntax: true,
      // A library asks whether it runs at Cloudflare, for which Node.js would load what else goes with a browser's navigator.
      define: { navigator: 'undefined' },
      legalComments: 'linked',
      outfile: name,
    });
    for (const { path, contents } of outputFiles) {
      const isProgram = !path.endsWith('.LEGAL.txt');
      made.push({ name: path.slice(root.length + 1), contents, isProgram });
    }
  }
  return made;
}

/** A shell runs the launcher, whose last line ends it; to Node.js, which the launcher runs, all of it is a comment. */
async function launcherOf(root: string): Promise<string> {
  const text = await readFile(join(root, 'scripts/bundle/launcher.sh'), 'utf8');
  const [shebang = '', ...lines] = text.trimEnd().split('\n');
  return [shebang, "':' /*", ...lines, '*/'].join('\n');
}
