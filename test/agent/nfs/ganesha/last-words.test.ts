import test from 'ava';
import { lastWords } from '../../../../agent/nfs/ganesha/last-words.ts';
import { withRemedy } from '../../../../agent/nfs/ganesha/remedies.ts';

const says = test.macro((t, text: string, words: string | undefined) => {
  t.is(lastWords(text), words);
});

const start = '25/11/2026 20:35:10 : epoch 6b07467e : vm : nfs-ganesha-30[main]';

test('lastWords() of nothing', says, '\n', undefined);
test(
  'lastWords() of ganesha is the reason, not the backtrace below it',
  says,
  `${start} main :MAIN :EVENT :nfs-ganesha Starting: Ganesha Version 6.5
${start} nfs_set_param_from_conf :NFS STARTUP :WARN :domainname will soon be deprecated
${start} main :MAIN :FATAL :Failed to PR_SET_IO_FLUSHER with EPERM.
${start} gsh_backtrace :NFS STARTUP :MAJ :stack backtrace follows:
/usr/lib/ganesha/libganesha_nfsd.so.6.5(+0x88256) [0x7f413e00c256]
ganesha.nfsd(_start+0x21) [0x55a354ce3211]
`,
  'Failed to PR_SET_IO_FLUSHER with EPERM.',
);
test(
  'lastWords() of ganesha leaves out what only says that there was a reason',
  says,
  `${start} nfs_set_param_from_conf :NFS STARTUP :CRIT :Error while parsing core configuration
${start} main :NFS STARTUP :CRIT :Error setting parameters from configuration file.
${start} config_errs_to_log :CONFIG :CRIT :Config File (/s/ganesha.conf:2): No IP address found for 10.0.0.9
${start} config_errs_to_log :CONFIG :CRIT :Config File (/s/ganesha.conf:1): 1 errors while processing parameters
${start} config_errs_to_log :CONFIG :CRIT :Config File (/s/ganesha.conf:1): Errors processing block (NFS_Core_Param)
${start} main :NFS STARTUP :FATAL :Fatal errors.  Server exiting...
`,
  'Config File (/s/ganesha.conf:2): No IP address found for 10.0.0.9',
);
test(
  'lastWords() says each thing once',
  says,
  `${start} a :FSAL :CRIT :no\n${start} b :FSAL :MAJ :no\n`,
  'no',
);
test(
  'lastWords() of another program are its lines',
  says,
  'mount: /run: permission denied.\n       dmesg(1) may have more information after failed mount system call.\n',
  'mount: /run: permission denied.; dmesg(1) may have more information after failed mount system call.',
);
test(
  'lastWords() of ganesha that complains of nothing',
  says,
  `${start} a :B :EVENT :hi`,
  undefined,
);

const remedy = test.macro((t, reason: string, remedy: RegExp) => {
  t.regex(withRemedy(reason), remedy);
});

test(
  'withRemedy() where a mount is refused',
  remedy,
  'mount: /run: permission denied.',
  /denied\. What to do: .*CAP_SYS_ADMIN/,
);
test(
  'withRemedy() where the disk has no file handles',
  remedy,
  'Could not get handle for path /s/witness, error Operation not supported',
  /What to do: .*`state`.*volume/,
);
test('withRemedy() leaves a reason alone that it does not know', remedy, 'no', /^no$/);
