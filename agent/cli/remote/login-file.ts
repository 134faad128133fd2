// Where `walt login` keeps who we are elsewhere: a file that nobody else may read.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../errors.ts';
import { CommandError } from '../command-line/command-error.ts';
import { type Login, loginText, parseLogin } from './remote-server.ts';

/** The file of one person. */
export type LoginFile = {
  readonly path: string;
  /** undefined where there is none. @throws {CommandError} if it is damaged, or cannot be read */
  readonly read: () => Login | undefined;
  /** @throws {CommandError} if it cannot be written */
  readonly write: (login: Login) => void;
  /** @returns whether there was one. @throws {CommandError} if it cannot be removed */
  readonly remove: () => boolean;
};

/** @param path of the file; its folder is made when it is written */
export function loginFile(path: string): LoginFile {
  const textOf = () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (reason) {
      if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unusable(path, { action: 'read', cause: reason });
    }
  };
  const changing = <Result>(action: 'write' | 'remove', work: () => Result): Result => {
    try {
      return work();
    } catch (cause) {
      throw cause instanceof CommandError ? cause : unusable(path, { action, cause });
    }
  };
  return {
    path,
    read: () => {
      const text = textOf();
      return text === undefined ? undefined : parseLogin(text, path);
    },
    write: (login) =>
      changing('write', () => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        const unfinished = `${path}.${process.pid}`;
        writeFileSync(unfinished, loginText(login), { mode: 0o600, flag: 'wx' });
        renameSync(unfinished, path);
      }),
    remove: () =>
      changing('remove', () => {
        const isThere = textOf() !== undefined;
        rmSync(path, { force: true });
        return isThere;
      }),
  };
}

function unusable(
  path: string,
  { action, cause }: { readonly action: string; readonly cause: unknown },
): CommandError {
  const remedy = 'Mend that, or name another folder for such files (XDG_CONFIG_HOME)';
  return new CommandError(`Cannot ${action} ${path}: ${messageOf(cause)}. ${remedy}.`, { cause });
}
