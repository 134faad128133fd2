import test from 'ava';
import { bootDelay } from '../../../../agent/settings/forms/boot-delay.ts';
import { choiceOf } from '../../../../agent/settings/forms/choice.ts';
import { numberFrom } from '../../../../agent/settings/forms/number.ts';
import { swap } from '../../../../agent/settings/forms/swap.ts';
import { words } from '../../../../agent/settings/forms/words.ts';
import { yesOrNo } from '../../../../agent/settings/forms/yes-or-no.ts';
import { reads, refuses } from './form-cases.ts';

test('numberFrom() has both limits', reads, numberFrom(1, 64), [
  ['1', 1],
  ['64', 64],
  ['08', 8],
]);

test('numberFrom() refuses what is outside, or no whole number', refuses, numberFrom(1, 64), [
  ['', /expected a whole number from 1 to 64/],
  ['0', /from 1 to 64/],
  ['65', /from 1 to 64/],
  ['-1', /from 1 to 64/],
  ['1.0', /from 1 to 64/],
  ['0x10', /from 1 to 64/],
  ['1e1', /from 1 to 64/],
  [' 2', /from 1 to 64/],
]);

test('choiceOf() has each word', reads, choiceOf(['bios', 'uefi']), [
  ['bios', 'bios'],
  ['uefi', 'uefi'],
]);

test('choiceOf() refuses other words, whatever their case', refuses, choiceOf(['a', 'b', 'c']), [
  ['', /^expected a, b or c$/],
  ['A', /expected a, b or c/],
  ['toString', /expected a, b or c/],
]);

test('bootDelay is random or fixed', reads, bootDelay, [
  ['random', { kind: 'random' }],
  ['0', { kind: 'fixed', seconds: 0 }],
  ['600', { kind: 'fixed', seconds: 600 }],
]);

test('bootDelay refuses other words and times', refuses, bootDelay, [
  ['', /expected random, or seconds from 0 to 600/],
  ['601', /expected random/],
  ['-1', /expected random/],
  ['5s', /expected random/],
  ['none', /expected random/],
]);

test('words are split at spaces', reads, words, [
  ['', []],
  ['  ', []],
  ['switch-1 7', ['switch-1', '7']],
  [' $(reboot);  "x" ', ['$(reboot);', '"x"']],
  ['x'.repeat(200), ['x'.repeat(200)]],
]);

test('words refuses what is long or cannot be shown', refuses, words, [
  ['x'.repeat(201), /expected 200 characters at most/],
  ['a\nb', /ASCII alone/],
  ['a\u0000b', /ASCII alone/],
  ['\u001b[2J', /ASCII alone/],
  ['prise n°4', /ASCII alone/],
]);

test('yesOrNo is true or false', reads, yesOrNo, [
  ['true', true],
  ['false', false],
]);

test('yesOrNo refuses other words', refuses, yesOrNo, [
  ['', /^expected true or false$/],
  ['yes', /expected true or false/],
  ['True', /expected true or false/],
  ['1', /expected true or false/],
]);

test('swap is none or a size', reads, swap, [
  ['none', 0],
  ['16M', 16 * 2 ** 20],
  ['64G', 64 * 2 ** 30],
]);

test('swap refuses other words and sizes', refuses, swap, [
  ['', /expected none, or a size from 16M to 64G/],
  ['0', /expected none/],
  ['15M', /expected none/],
  ['65G', /expected none/],
  ['1T', /expected none/],
  ['256', /expected none/],
  ['256m', /expected none/],
]);
