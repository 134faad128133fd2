// The page in Debian's Firefox, without a window: it is looked at, clicked and typed into as a person does.
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { Bidi } from './bidi.ts';

const PORT = 9222;
const SECONDS = 30;
const LOOK_MS = 100;

/** Said by the page itself what its policy refuses: Firefox tells that to people alone. */
const TELL_REFUSALS = `() => document.addEventListener('securitypolicyviolation', (event) => {
  console.error('refused by the policy: ' + event.violatedDirective + ' ' + event.blockedURI);
})`;

/** What is to be clicked: by what a screen reader says of it, or by a selector. */
type Target = { readonly role: string; readonly name: string } | { readonly css: string };

type Found = { readonly sharedId: string };

/** Firefox in the network of a lab. */
export class Firefox {
  readonly #bidi: Bidi;
  readonly #context: string;
  /** errors of scripts, and what the policy of the page refused */
  readonly complaints: readonly string[];

  private constructor(bidi: Bidi, context: string, complaints: readonly string[]) {
    this.#bidi = bidi;
    this.#context = context;
    this.complaints = complaints;
  }

  /** It ends with the test. @throws {Error} where it is not installed: one test of the matrix needs it, and it is large */
  static async open(t: ExecutionContext, lab: Lab): Promise<Firefox> {
    const { code } = await runProgram(['sh', '-c', 'command -v firefox-esr']);
    if (code !== 0) throw new Error('Firefox is not here: apt-get install firefox-esr');
    const home = await temporaryFolder(t);
    const profile = join(home, 'profile');
    await mkdir(profile);
    await writeFile(join(profile, 'user.js'), PREFERENCES.join('\n'));
    // Its folders are its own, as root has no session here; what it opens is ours, so it needs no sandbox.
    const variables = [`HOME=${home}`, 'MOZ_DISABLE_CONTENT_SANDBOX=1', 'MOZ_HEADLESS=1'];
    const words = ['firefox-esr', '--headless', '--no-remote', '--profile', profile];
    const argv = ['env', ...variables, ...words, '--remote-debugging-port', String(PORT)];
    const program = new Background(lab.namespace.command(argv));
    t.teardown(() => program.kill());
    await program.waitFor(/WebDriver BiDi listening on/, 90);
    // A socket with a path is in no network: it leads into that of the lab.
    const door = join(home, 'bidi');
    const way = new Background(
      lab.namespace.command(['socat', `UNIX-LISTEN:${door},fork`, `TCP:127.0.0.1:${PORT}`]),
    );
    t.teardown(() => way.kill());
    await eventuallyThere(door);
    const complaints: string[] = [];
    const bidi = await Bidi.open(`ws+unix:${door}:/session`, {
      host: `127.0.0.1:${PORT}`,
      onEvent: (method, { level, text }) => {
        if (method === 'log.entryAdded' && level === 'error') complaints.push(String(text));
      },
    });
    t.teardown(() => bidi.close());
    await bidi.run('session.new', {
      capabilities: { alwaysMatch: { acceptInsecureCerts: true } },
    });
    await bidi.run('session.subscribe', { events: ['log.entryAdded'] });
    await bidi.run('script.addPreloadScript', { functionDeclaration: TELL_REFUSALS });
    const { context } = await bidi.run('browsingContext.create', { type: 'tab' });
    return new Firefox(bidi, String(context), complaints);
  }

  async goTo(url: string): Promise<void> {
    await this.#bidi.run('browsingContext.navigate', {
      ...{ context: this.#context, url, wait: 'complete' },
    });
  }

  /** Waits until the page shows a text. @throws {Error} with what it shows otherwise */
  async see(pattern: RegExp, css = 'body'): Promise<void> {
    let text = '';
    for (let tries = 0; tries < (SECONDS * 1000) / LOOK_MS; tries += 1) {
      text = String(
        await this.evaluate(`document.querySelector(${JSON.stringify(css)})?.innerText`),
      );
      if (pattern.test(text)) return;
      await sleep(LOOK_MS);
    }
    throw new Error(`Awaited ${pattern} in ${css} of the page, which shows:\n${text}`);
  }

  /** Clicks the last of what is meant: a dialog lies over what it is about. */
  async click(target: Target): Promise<void> {
    const { sharedId } = await this.#find(target);
    const origin = { type: 'element', element: { sharedId } };
    const actions = [
      { type: 'pointerMove', x: 0, y: 0, origin },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    await this.#perform({ type: 'pointer', id: 'mouse', actions });
  }

  /** Types where the cursor is. Enter is `\uE007` (WebDriver, "Keyboard actions"). */
  async type(text: string): Promise<void> {
    const actions = [...text].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#perform({ type: 'key', id: 'keyboard', actions });
  }

  /** The value of an expression in the page; undefined where that is no plain value. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#bidi.run('script.evaluate', {
      ...{ expression, awaitPromise: true, target: { context: this.#context } },
    });
    const { result } = answer as { readonly result?: { readonly value?: unknown } };
    return result?.value;
  }

  async #find(target: Target): Promise<Found> {
    const locator =
      'css' in target
        ? { type: 'css', value: target.css }
        : { type: 'accessibility', value: target };
    for (let tries = 0; tries < (SECONDS * 1000) / LOOK_MS; tries += 1) {
      const { nodes } = await this.#bidi.run('browsingContext.locateNodes', {
        ...{ context: this.#context, locator },
      });
      const last = (nodes as readonly Found[]).at(-1);
      if (last !== undefined) return last;
      await sleep(LOOK_MS);
    }
    throw new Error(`There is no ${JSON.stringify(target)} on the page`);
  }

  async #perform(input: object): Promise<void> {
    await this.#bidi.run('input.performActions', { context: this.#context, actions: [input] });
  }
}

/** Nothing is asked of anybody but the lab's server. */
const PREFERENCES = [
  'user_pref("app.update.enabled", false);',
  'user_pref("browser.aboutwelcome.enabled", false);',
  'user_pref("datareporting.policy.dataSubmissionEnabled", false);',
  'user_pref("network.proxy.type", 0);',
  'user_pref("toolkit.telemetry.enabled", false);',
];

async function eventuallyThere(path: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`${path} was not made`);
}
