// The configuration as a file.
import { readFile } from 'node:fs/promises';
import { ConfigError, messageOf } from '../errors.ts';
import { type Config, parseConfig } from './config.ts';

/** @throws {ConfigError} if the file cannot be read, or says what it must not; names key and line */
export async function readConfig(file: string): Promise<Config> {
  return parseConfig(await readConfigText(file), file);
}

/** What the file says, as it is. @throws {ConfigError} if it cannot be read */
export async function readConfigText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadConfig(file, cause);
  });
}

/** What is to be done where a configuration cannot be read. */
export function unreadConfig(file: string, cause: unknown): ConfigError {
  return new ConfigError(
    `Cannot read configuration ${file}: ${messageOf(cause)}. Name it with --config FILE.`,
    { cause },
  );
}
