// English texts of page Boot media.
import { many } from './many.ts';

/** Page Boot media. */
export const mediaTexts = {
  media: {
    title: 'Boot media',
    lead: 'Which one do I need?',
    step: (now: number) => `Question ${now} of 3`,
    back: 'Back',
    again: 'Start again',
    answer: 'You need',
    missing: 'This installation does not have it yet. On the server:',
    build: 'npm run media',
    checksum: 'SHA-256',
    size: 'Size',
    get: 'Or get it by the command',
    download: 'Download',
    whole: 'Check that it is whole',
    write: 'Write it',
    plug: 'Then',
    all: 'All media of this server',
    columns: { name: 'File', machines: 'For', size: 'Size', sha256: 'SHA-256' },
    noneTitle: 'This server has no media',
    noneText: 'Make them with npm run media, or install package walt-server.',
  },
  firstRun: {
    title: 'Your first node',
    lead: 'Three steps from nothing to a machine that boots from this server.',
    image: 'An image to boot',
    imageDone: (count: number) => `${many(count, 'image')} here.`,
    imageTodo:
      'No image yet. The default image of a model is fetched when the first machine of it asks, or import one.',
    medium: 'A way to reach this server',
    mediumText:
      'PCs on walt-net that boot by the network need nothing. All others need a stick or card.',
    mediumLink: 'Which medium do I need?',
    plug: 'Plug it into walt-net and switch it on',
    plugTodo: 'This page shows each machine as soon as the server hears it.',
    heard: 'Heard',
    waiting: 'Waiting for a first machine…',
    done: 'It is a node now.',
    open: (name: string) => `Open ${name}`,
    noImage: 'It has said which model it is, but no image is for that.',
    virtual: 'No machine at hand? Make a virtual one:',
    virtualSubmit: 'Make a virtual node',
    virtualName: 'Its name',
  },
} as const;
