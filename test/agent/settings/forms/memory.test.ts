import test from 'ava';
import { memory } from '../../../../agent/settings/forms/memory.ts';
import { reads, refuses } from './form-cases.ts';

const GIB = 2 ** 30;

test('memory is read in MiB and GiB', reads, memory, [
  ['256M', GIB / 4],
  ['512M', GIB / 2],
  ['1G', GIB],
  ['1025M', GIB + 2 ** 20],
  ['1024G', 1024 * GIB],
  ['1048576M', 1024 * GIB],
]);

test('memory refuses other units, signs and fractions', refuses, memory, [
  ['', /expected a number with M or G/],
  ['512', /with M or G behind it, as 512M or 2G/],
  ['1T', /with M or G/],
  ['1g', /with M or G/],
  ['1 G', /with M or G/],
  ['-1G', /with M or G/],
  ['1.5G', /with M or G/],
  ['G', /with M or G/],
  ['1G\n', /with M or G/],
]);

test('memory refuses what no machine starts with, or no host has', refuses, memory, [
  ['0M', /too little, expected 256M or more/],
  ['255M', /too little/],
  ['1025G', /too much, expected 1024G or less/],
  ['1048577M', /too much/],
  ['9'.repeat(400).concat('G'), /too much/],
]);
