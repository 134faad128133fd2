// The configuration as a file.
import { readFile } from 'node:fs/promises';
import { ConfigError, messageOf } from '../errors.ts';
import { type Config, parseConfig } from './config.ts';

/** @throws {ConfigError} if the file cannot be read, or says what it must not; names key and line */
export async function readConfig(file: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`Cannot read configuration ${file}: ${messageOf(cause)}`, { cause });
  }
  return parseConfig(text, file);
}
