// Tables of docs/hardware.md, made from the table of models.
import { boards, type RaspberryPi, raspberryPis, uBoots } from '../boards.ts';
import { modelsByWatches } from './watchdogs.ts';

const WITHOUT_CARD = {
  none: 'no',
  rom: 'yes, as it is',
  eeprom: 'yes, once switched by the card',
} as const;

/** The tables by the name that marks their place in the page. */
export const hardwareTables: Readonly<Record<string, () => string>> = {
  models: () =>
    table(
      ['model', 'what it is', 'default image', 'Debian architecture'],
      boards.map(({ model, title, image, architecture }) => [
        `\`${model}\``,
        title,
        `\`${image}\``,
        architecture,
      ]),
    ),
  'raspberry-pis': () =>
    table(
      ['model', 'processor', 'without a card', 'section of config.txt', 'U-Boot', 'device trees'],
      raspberryPis.map((board) => [
        `\`${board.model}\``,
        board.processor,
        WITHOUT_CARD[board.networkBoot],
        `[${board.section}]`,
        `\`${uBoots[board.uBoot].file}\` (${uBoots[board.uBoot].defconfig})`,
        treesOf(board),
      ]),
    ),
  watchdogs: () =>
    modelsByWatches()
      .map(({ models, watches }) => {
        const rows = watches.map(({ from, to, by, after, proof, isGap }) => [
          ...[isGap ? '**gap**' : '', from, to, by, after, proof],
        ]);
        const names = models.map((model) => `\`${model}\``).join(', ');
        return `${names}:\n\n${table(['', 'from', 'to', 'by', 'where it hangs', 'shown by'], rows)}`;
      })
      .join('\n\n'),
  'raspberry-pi-notes': () =>
    raspberryPis
      .filter(({ notes }) => notes !== undefined)
      .map(({ title, notes }) => `* ${title}: ${notes}`)
      .join('\n'),
};

/** The page with what stands between `<!-- NAME … -->` and `<!-- end -->` replaced. */
export function fillTables(page: string): string {
  return page.replace(
    /(<!-- ([a-z-]+), made from .*? -->\n)[\s\S]*?(<!-- end -->)/g,
    (whole, start: string, name: string, end: string) => {
      const make = hardwareTables[name];
      return make ? `${start}\n${make()}\n\n${end}` : whole;
    },
  );
}

function treesOf({ deviceTrees }: RaspberryPi): string {
  return deviceTrees
    .map(
      ({ firmware, revision }) =>
        `\`${firmware}\`${revision === undefined ? '' : ` (${revision})`}`,
    )
    .join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
