// `walt-server-setup`: puts an interface or a virtual network in the place of walt-net, and undoes that. The only part of it
// that knows argv, terminal and exit codes.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { virtualNodeSpeed } from '../doctor/machine/kvm.ts';
import { dhcpOffers } from '../doctor/probes/dhcp-offers.ts';
import { isSystemError, messageOf, WaltError } from '../errors.ts';
import { shownText } from '../host/text/shown-text.ts';
import { yesOrNo } from '../host/text/yes-or-no.ts';
import { type Arguments, readArguments, USAGE } from './arguments.ts';
import { type Finding, findings, isWrong, type MachineFacts } from './checks.ts';
import type { Choice, RealChoice } from './choice.ts';
import { type Ask, completeChoice } from './complete.ts';
import { lastWord } from './last-word.ts';
import { machineFacts } from './machine.ts';
import { otherDhcpServers } from './other-dhcp.ts';
import { CONFIG, setupPlan, UNIT } from './plan.ts';
import { recorded, undo, writeFiles } from './record.ts';
import { type Services, servicesOf } from './services.ts';
import { isOffWithout } from './unit.ts';

const SIGNS = { good: '  ok   ', attention: '  note ', wrong: '  WRONG' } as const;
const { stdin, stdout } = process;

try {
  await main(readArguments(process.argv.slice(2)));
} catch (thrown) {
  if (!(thrown instanceof WaltError || isSystemError(thrown))) throw thrown;
  const text = thrown instanceof WaltError ? thrown.message : `Cannot go on: ${messageOf(thrown)}.`;
  console.error(shownText(text));
  process.exitCode = 1;
}

async function main(args: Arguments): Promise<void> {
  if (args.isHelp) return console.log(USAGE);
  if (args.askDhcp !== undefined) return await printOffers(args.askDhcp);
  if (process.getuid?.() !== 0) {
    throw new WaltError('Cannot set up walt-net: only root may. Use sudo walt-server-setup.');
  }
  if (args.isUndo) return await undoAll(args);
  const facts = await machineFacts(args.etc);
  const wanted = await completeChoice(args.wish, { facts, ask: asker() });
  if (wanted === undefined) {
    throw new WaltError(
      'Cannot set up walt-net: there is no terminal to ask on. Say --interface NAME or --virtual.',
    );
  }
  const unit = await readFile(join(args.etc, 'systemd/system', UNIT), 'utf8').catch(() => '');
  const isDown = wanted.kind === 'real' && isOffWithout(wanted, { ...facts, unit });
  await setUp(wanted, { args, isDown, found: await look(wanted, facts) });
}

/** What takes longest is tried where nothing else speaks against it. */
async function look(wanted: Choice, facts: MachineFacts): Promise<Finding[]> {
  const found = findings(wanted, facts);
  if (isWrong(found)) return found;
  console.log('Looking how virtual nodes run here, 20 s at most …');
  return findings(wanted, { ...facts, virtualNodes: await virtualNodeSpeed({}) });
}

type SetupFacts = {
  readonly args: Arguments;
  readonly found: readonly Finding[];
  readonly isDown: boolean;
};

async function setUp(wanted: Choice, { args, found, isDown }: SetupFacts): Promise<void> {
  say(found);
  if (isWrong(found)) {
    throw new WaltError('Nothing was changed: mend what is wrong, and start again.');
  }
  const choice = wanted.kind === 'real' ? await withDhcp(wanted, args) : wanted;
  const { etc, isDry } = args;
  const plan = setupPlan(choice, {
    config: await readFile(join(etc, CONFIG), 'utf8').catch(() => ''),
    hasNetworkManager: existsSync(join(etc, 'NetworkManager')),
    isDown,
  });
  const services = await servicesOf(args);
  const files = plan.files.map(({ path }) => `Writes ${join(etc, path)}`);
  const restart = 'The service starts again, and virtual nodes with it.';
  console.log([...plan.says, ...files, ...(services === undefined ? [] : [restart])].join('\n'));
  if (isDry) return;
  await confirm(args);
  await services?.stop();
  try {
    await writeFiles(etc, plan.files);
  } catch (thrown) {
    // What went before goes on: why nothing was set up is what people have to know.
    await services?.start().catch(() => undefined);
    throw thrown;
  }
  await finish(services);
}

/** Another server there gives the addresses, unless somebody said otherwise. */
async function withDhcp(choice: RealChoice, args: Arguments): Promise<RealChoice> {
  const servers = await lookForDhcp(choice);
  if (servers.length === 0) return choice;
  const who = servers.join(', ');
  say([{ status: 'attention', text: `Another DHCP server is there: ${who}.` }]);
  if (args.wish.dhcp !== undefined) return choice;
  const ask = args.isSure ? undefined : asker();
  const question = 'Leave the addresses to it, and say only what to boot (proxy)? [Y/n] ';
  const isLeft = ask !== undefined && (await yesOrNo(question, { ask, usual: true }));
  if (isLeft) return { ...choice, dhcp: 'proxy' };
  throw new WaltError(
    `Cannot set up walt-net: ${who} gives addresses there already, and two servers would disturb each other. ` +
      'Say --dhcp proxy with an --address of that network, or turn the other one off; --dhcp server does it all the same.',
  );
}

async function lookForDhcp(choice: RealChoice): Promise<string[]> {
  const own = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
  try {
    return await otherDhcpServers(choice, (mac) => [...own, '--ask-dhcp', mac]);
  } catch (thrown) {
    const text = `Could not look for other DHCP servers: ${messageOf(thrown)}`;
    say([{ status: 'attention', text }]);
    return [];
  }
}

/** Runs where walt-net will be, in a network of its own. */
async function printOffers(mac: string): Promise<void> {
  const offers = await dhcpOffers({ mac, broadcast: '255.255.255.255' });
  console.log(JSON.stringify(offers.kind === 'asked' ? [...offers.servers.keys()] : []));
}

async function undoAll(args: Arguments): Promise<void> {
  const before = await recorded(args.etc);
  if (before === undefined) {
    throw new WaltError('Cannot undo: no setup has changed anything here.');
  }
  for (const { path, text } of before) {
    console.log(`${text === null ? 'Removes' : 'Puts back'} ${join(args.etc, path)}`);
  }
  if (args.isDry) return;
  await confirm(args);
  const services = await servicesOf(args);
  await services?.stop();
  await undo(args.etc);
  await finish(services);
}

/** The doctor has the last word. */
async function finish(services: Services | undefined): Promise<void> {
  if (services === undefined) {
    console.log('Done. No service was touched.');
    return;
  }
  await services.start();
  console.log('Done. walt doctor says how the server is:');
  process.exitCode = lastWord((line) => console.log(line));
}

async function confirm({ isSure }: Arguments): Promise<void> {
  if (isSure) return;
  const ask = asker();
  if (ask === undefined) {
    throw new WaltError('Nothing was changed: there is no terminal to ask on. Add --yes.');
  }
  if (!(await yesOrNo('Go on? [y/N] ', { ask, usual: false }))) {
    throw new WaltError('Nothing was changed.');
  }
}

function asker(): Ask | undefined {
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  return async (question) => {
    const reader = createInterface({ input: stdin, output: stdout });
    try {
      return await reader.question(question);
    } finally {
      reader.close();
    }
  };
}

function say(found: readonly Finding[]): void {
  for (const { status, text } of found) console.log(shownText(`${SIGNS[status]} ${text}`));
}
