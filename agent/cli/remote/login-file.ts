// Where `walt login` keeps who we are elsewhere: a file that nobody else may read.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Login, loginText, parseLogin } from './remote-server.ts';

/** The file of one person. */
export type LoginFile = {
  readonly path: string;
  /** undefined where there is none. @throws {CommandError} if it is damaged */
  readonly read: () => Login | undefined;
  readonly write: (login: Login) => void;
  /** @returns whether there was one */
  readonly remove: () => boolean;
};

/** @param path of the file; its folder is made when it is written */
export function loginFile(path: string): LoginFile {
  const textOf = () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (reason) {
      if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw reason;
    }
  };
  return {
    path,
    read: () => {
      const text = textOf();
      return text === undefined ? undefined : parseLogin(text, path);
    },
    write: (login) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const unfinished = `${path}.${process.pid}`;
      writeFileSync(unfinished, loginText(login), { mode: 0o600, flag: 'wx' });
      renameSync(unfinished, path);
    },
    remove: () => {
      const isThere = textOf() !== undefined;
      rmSync(path, { force: true });
      return isThere;
    },
  };
}
