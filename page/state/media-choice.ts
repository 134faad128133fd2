// Which medium a machine needs: three questions and what follows. Pure; names are those of the server's media.

/** An answer to a question, and what comes then: another question, or a medium. */
export type Choice = {
  readonly id: string;
  readonly text: string;
  readonly hint?: string;
  readonly next: Question | Advice;
};
/** A question. */
export type Question = {
  readonly kind: 'question';
  readonly text: string;
  readonly choices: readonly Choice[];
};
/** What is needed; `name` is missing where no medium is. */
export type Advice = {
  readonly kind: 'advice';
  readonly name?: string;
  readonly why: string;
  readonly then: string;
};

const advice = (name: string | undefined, why: string, then: string): Advice => ({
  kind: 'advice',
  ...(name === undefined ? {} : { name }),
  why,
  then,
});

const STICK =
  'Plug the stick in, and choose it in the boot menu of the firmware (often F12 or F8), or put USB first for good.';
const CARD =
  'Put the card into the board, connect its network to walt-net, and give it power. The card stays in.';

const stickFor = (isBig: boolean): Advice =>
  isBig
    ? advice(
        'pc-usb-linux.dd.gz',
        'A larger stick whose Linux drives cards that firmware does not.',
        STICK,
      )
    : advice('pc-usb.dd.gz', 'One stick for BIOS and UEFI, Secure Boot on or off.', STICK);

const drivenBy: Question = {
  kind: 'question',
  text: 'Does its firmware know the network card?',
  choices: [
    {
      id: 'yes',
      text: 'Yes, or I do not know',
      hint: 'Its set-up offers network boot, or it is a usual PC.',
      next: stickFor(false),
    },
    {
      id: 'no',
      text: 'No',
      hint: 'A USB adapter, a very new card, or the usual stick said “no network card”.',
      next: stickFor(true),
    },
  ],
};

const pc: Question = {
  kind: 'question',
  text: 'How can it start?',
  choices: [
    {
      id: 'pxe',
      text: 'By the network (PXE, UEFI network boot)',
      hint: 'Its firmware can, and it is on walt-net.',
      next: {
        kind: 'question',
        text: 'Who gives addresses on its network?',
        choices: [
          {
            id: 'walt',
            text: 'This server',
            next: advice(
              undefined,
              'It finds this server by itself: no medium.',
              'Put network boot first in its firmware, and switch it on.',
            ),
          },
          {
            id: 'other',
            text: 'Another server, which I manage',
            next: advice(
              'pxe.tar.gz',
              'Files for the TFTP folder of that server.',
              'Unpack them there and name walt.efi or walt.pxe as boot file, as the help page says.',
            ),
          },
        ],
      },
    },
    { id: 'usb', text: 'From a USB stick', hint: 'Works with nearly all PCs.', next: drivenBy },
  ],
};

const cardWith = (isDebug: boolean, canFlash: boolean): Advice => {
  const name = `rpi-sd${canFlash ? '' : '-files'}${isDebug ? '-debug' : ''}.${canFlash ? 'img.gz' : 'tar.gz'}`;
  const why = isDebug
    ? 'A card with a prompt, to see why the board does not boot.'
    : 'One card for all these boards.';
  return advice(
    name,
    why,
    canFlash ? CARD : `Copy the files to the first, FAT partition of the card. ${CARD}`,
  );
};

const pi: Question = {
  kind: 'question',
  text: 'Which board is it?',
  choices: [
    {
      id: 'older',
      text: 'B, B+, 2B, 3B or 3B+',
      next: {
        kind: 'question',
        text: 'Can you write a whole card?',
        choices: [
          { id: 'flash', text: 'Yes, what is on it may go', next: cardWith(false, true) },
          { id: 'files', text: 'No, I only copy files to it', next: cardWith(false, false) },
          {
            id: 'debug',
            text: 'It did not boot with such a card: I want to see why',
            next: cardWith(true, true),
          },
        ],
      },
    },
    {
      id: 'newer',
      text: '4B or 400',
      next: {
        kind: 'question',
        text: 'How is it to boot?',
        choices: [
          {
            id: 'eeprom',
            text: 'Without a card from now on',
            hint: 'Its own loader is set to the network, once.',
            next: advice(
              'rpi-eeprom.tar.gz',
              'Files for a card that switches the board to network boot.',
              'Start the board once with that card, wait until its light blinks steadily, and take the card out.',
            ),
          },
          { id: 'flash', text: 'With a card that stays in', next: cardWith(false, true) },
          {
            id: 'debug',
            text: 'It did not boot with such a card: I want to see why',
            next: cardWith(true, true),
          },
        ],
      },
    },
  ],
};

const coral: Question = {
  kind: 'question',
  text: 'What runs on it now?',
  choices: [
    {
      id: 'own',
      text: 'Its own system (Mendel Linux)',
      next: {
        kind: 'question',
        text: 'Can you log in to it?',
        choices: [
          {
            id: 'yes',
            text: 'Yes',
            next: advice(
              'coral-devb-boot.tar.gz',
              'Files for /boot of its own system.',
              'Unpack them there as root, and reboot the board on walt-net.',
            ),
          },
          {
            id: 'no',
            text: 'No',
            next: advice(
              'coral-devb-boot.tar.gz',
              'Files for /boot of its own system.',
              'Flash Mendel Linux first (Google’s guide for the Dev Board), then unpack them in its /boot.',
            ),
          },
        ],
      },
    },
    {
      id: 'nothing',
      text: 'Nothing yet',
      next: advice(
        'coral-devb-boot.tar.gz',
        'Files for /boot of its own system.',
        'Flash Mendel Linux first (Google’s guide for the Dev Board), then unpack them in its /boot.',
      ),
    },
  ],
};

/** The first question. */
export const FIRST: Question = {
  kind: 'question',
  text: 'What kind of machine is it?',
  choices: [
    {
      id: 'pc',
      text: 'PC',
      hint: 'Desktop, laptop or server with an Intel or AMD processor',
      next: pc,
    },
    { id: 'pi', text: 'Raspberry Pi', next: pi },
    { id: 'coral', text: 'Google Coral Dev Board', next: coral },
  ],
};

/** Where some answers lead. @param ids of the answers so far; an unknown one and what follows do not count */
export function reached(ids: readonly string[]): {
  readonly at: Question | Advice;
  readonly depth: number;
} {
  let at: Question | Advice = FIRST;
  let depth = 0;
  for (const id of ids) {
    const next: Choice | undefined =
      at.kind === 'question' ? at.choices.find((one) => one.id === id) : undefined;
    if (next === undefined) break;
    at = next.next;
    depth += 1;
  }
  return { at, depth };
}
