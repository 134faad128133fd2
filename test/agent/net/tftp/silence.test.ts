import test from 'ava';
import { TftpSilence } from '../../../../agent/net/tftp/silence.ts';

const open = () => {
  const ended: string[] = [];
  const silent = (name: string, heardAt: number) => ({
    heardAt,
    abandon: () => void ended.push(name),
  });
  return { ended, silent };
};

test('TftpSilence ends the transfer of a client that has been silent for longest, when it has too many', (t) => {
  const { ended, silent } = open();
  const silence = new TftpSilence({ running: 10, runningPerClient: 2 });
  silence.add(silent('other', 1), '192.0.2.2');
  silence.add(silent('young', 30), '192.0.2.1');
  silence.add(silent('old', 20), '192.0.2.1');
  t.deepEqual(ended, []);
  silence.add(silent('new', 40), '192.0.2.1');
  t.deepEqual(ended, ['old']);
});

test('TftpSilence ends the one that has been silent for longest when there are too many in all', (t) => {
  const { ended, silent } = open();
  const silence = new TftpSilence({ running: 2, runningPerClient: 2 });
  const over = silent('over', 1);
  silence.add(over, '192.0.2.1');
  silence.delete(over);
  for (const [at, name] of ['a', 'b', 'c'].entries()) {
    silence.add(silent(name, 10 + at), `192.0.2.${at}`);
  }
  t.deepEqual(ended, ['a']);
});
