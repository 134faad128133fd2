import test from 'ava';
import { raspberryPis, uBoots } from '../../../scripts/boards.ts';
import { inputs } from '../../../scripts/inputs/sources.ts';
import type { MediaOption } from '../../../scripts/media/medium.ts';
import { rpi } from '../../../scripts/media/rpi.ts';
import { filesNamedIn, LONGEST_LINE, rpiConfig } from '../../../scripts/media/rpi-config.ts';
import { type Plan, printPlan } from '../../../scripts/steps/plan.ts';

/** The filters that hold for a model, as the documentation of config.txt has them ("Model filters"). */
const FILTERS: Record<string, readonly string[]> = {
  'rpi-b': ['pi1'],
  'rpi-b-plus': ['pi1'],
  'rpi-2-b': ['pi2'],
  'rpi-3-b': ['pi3'],
  'rpi-3-b-plus': ['pi3', 'pi3+'],
  'rpi-4-b': ['pi4'],
  'rpi-400': ['pi4', 'pi400'],
};

/** What a model reads; firmware from before a filter takes the lines below it for everybody. */
function settingsFor(model: string, unknown: readonly string[] = []): Record<string, string> {
  const filters = ['all', ...(FILTERS[model] ?? []), ...unknown];
  let applies = true;
  const found: Record<string, string> = {};
  for (const line of rpiConfig().split('\n')) {
    const filter = /^\[(.+)\]$/.exec(line)?.[1];
    if (filter !== undefined) applies = filters.includes(filter);
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (applies && name !== undefined && value !== undefined) found[name] = value;
  }
  return found;
}

for (const { model, uBoot, architecture } of raspberryPis) {
  test(`config.txt gives a ${model} the right U-Boot, also with firmware from before the later models`, (t) => {
    const later = { 'rpi-400': ['pi400'], 'rpi-4-b': ['pi400'] }[model] ?? ['pi400', 'pi4', 'pi3+'];
    for (const unknown of [[], later]) {
      const settings = settingsFor(model, unknown);
      t.is(settings.kernel, uBoots[uBoot].file);
      t.is(settings.arm_64bit, architecture === 'arm64' ? '1' : '0');
      t.is(settings.enable_uart, '1');
    }
  });
}

test('config.txt has the sections of newer models first, and nothing that only some models read after them', (t) => {
  const filters = [...rpiConfig().matchAll(/^\[(.+)\]$/gm)].map(([, filter]) => filter);
  t.deepEqual(filters, ['pi400', 'pi4', 'pi3+', 'pi3', 'pi2', 'pi1', 'all']);
});

test('config.txt has no line that the firmware would cut', (t) => {
  for (const line of rpiConfig().split('\n')) t.true(line.length <= LONGEST_LINE, line);
});

test('the plan puts every file that config.txt names on the card', (t) => {
  const text = printPlan(rpi.plan());
  t.is(filesNamedIn(rpiConfig()).length, 6);
  for (const file of filesNamedIn(rpiConfig())) t.true(text.includes(` ${file} `), file);
});

test('without EEPROM files there are none, nor inputs for them', (t) => {
  const plan = rpi.variants
    ?.find(({ option }) => option === 'without-eeprom')
    ?.plan(['without-eeprom']);
  t.truthy(plan);
  if (plan) t.notRegex(printPlan(plan), /recovery|pieeprom/);
});

test('the card image follows the other options: EEPROM files left out, U-Boots for debugging', (t) => {
  const image = (...asked: MediaOption[]) =>
    rpi.variants?.find(({ option }) => option === 'image')?.plan(asked);
  const uBootsOf = (plan?: Plan) => plan?.steps.find((step) => step.kind === 'u-boot');
  t.like(image('image'), { output: 'rpi-sd.img.gz' });
  t.like(uBootsOf(image('image')), { isDebug: false });
  t.like(image('debug', 'image'), { output: 'rpi-sd-debug.img.gz' });
  t.like(uBootsOf(image('debug', 'image')), { isDebug: true });
  t.false(image('without-eeprom', 'image')?.inputs.includes(inputs.eeprom) ?? true);
});

test('the folder for the server has no EEPROM files: boards would write them anew', (t) => {
  const served = rpi.plan().steps.find((step) => step.kind === 'tree' && step.to === 'rpi');
  t.truthy(served);
  if (served?.kind !== 'tree') return;
  for (const { path } of served.files) t.notRegex(path, /recovery|pieeprom/);
});
