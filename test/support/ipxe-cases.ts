// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings of iPXE are written so
// Lines of start scripts, and what they come to: for the follower in the server, and for iPXE itself, which has the last word.

/** What the setting `r` is after each line, on a 64-bit PC with one card. */
export const lines: readonly (readonly [line: string, r: string])[] = [
  ['isset ${ip} && set r yes || set r no', 'yes'],
  ['isset ${nothing} && set r yes || set r no', 'no'],
  ['iseq a b || set r no', 'no'],
  ['iseq a b c || set r three', 'three'],
  ['prompt --key 0x02 --timeout 100 Press Ctrl-B && set r pressed || set r alone', 'alone'],
  ['imgfree nothing || set r none', 'none'],
  ['isset ${nothing} ; set r after', 'after'],
  ['set r first # && set r second', 'first'],
  ['isset ${net0/mac} && set r yes || set r no', 'yes'],
  ['isset ${net1/mac} && set r yes || set r no', 'no'],
  ['isset ${net1.dhcp/ip} && set r yes || set r no', 'no'],
  ['dhcp net1 && set r net1 || set r none', 'none'],
  ['dhcp net1 net0 && set r net0 || set r none', 'net0'],
  ['ifopen net1 || set r none', 'none'],
  ['cpuid --ext 29 && set r 64 || set r 32', '64'],
  ['cpuid -e 29 && set r 64 || set r 32', '64'],
  ['cpuid --amd 0x1d && set r 64 || set r 32', '64'],
  ['set n:int32 1 ; inc n 0x10 ; set r ${n}', '17'],
  ['goto nowhere || set r stayed', 'stayed'],
  ['kernel --nam x kernel || set r refused', 'refused'],
  ['kernel -r kernel || set r refused', 'refused'],
  ['kernel --name || set r refused', 'refused'],
  ['kernel --name --autofree kernel || set r refused', 'refused'],
  ['kernel --autofree=yes kernel || set r refused', 'refused'],
];

/** Each chooses `kernel` to be started with the command line `quiet`, with nothing loaded beside it. */
export const kernelLines: readonly string[] = [
  'kernel --timeout 5000 kernel quiet',
  'kernel -t 5000 kernel quiet',
  'kernel -n k kernel quiet',
  'kernel -nk kernel quiet',
  'kernel --name=k kernel quiet',
  'kernel -at 5000 kernel quiet',
  'kernel -a -- kernel quiet',
  'imgselect kernel quiet',
  'imgload kernel quiet',
  'imgfetch kernel wrong ; kernel kernel quiet',
  'imgfetch --name k kernel ; imgargs k quiet ; imgselect k',
  'imgfetch kernel ; kernel --name k kernel quiet',
  'imgargs kernel quiet ; imgselect kernel',
];

const ITEMS = [
  'menu Which one',
  'item --gap -- --- systems ---',
  'item first The first',
  'item',
  'item --key s --default second The second',
  'item -k t third',
];

/** What a menu comes to when nobody touches the machine: the setting `r` after the lines. */
export const menus: readonly (readonly [what: string, lines: readonly string[], r: string])[] = [
  ['the default item', [...ITEMS, 'choose --timeout 100 r'], 'second'],
  [
    'nothing where its timeout is no number',
    [...ITEMS, 'choose -t 5s r || set r failed'],
    'failed',
  ],
  ['what --default says', [...ITEMS, 'choose --default third --timeout 100 r'], 'third'],
  ['what -d says', [...ITEMS, 'choose -t 100 -d first r'], 'first'],
  ['the first item else', [...ITEMS, 'choose -d nonsense -t 100 r'], 'first'],
  [
    'an item of a named menu',
    ['menu -n m', 'item -m m a', 'item -m m', 'choose -m m -t 100 r'],
    'a',
  ],
  ['nothing of a menu without items', ['menu', 'item', 'choose -t 100 r || set r none'], 'none'],
  ['nothing without a menu', ['item a || choose -t 100 r || set r none'], 'none'],
  [
    'from a menu once, unless it is kept',
    [...ITEMS, 'choose -k -t 100 r', 'choose -t 100 r', 'choose -t 100 x || set r gone'],
    'gone',
  ],
];
