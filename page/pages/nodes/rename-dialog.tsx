// Gives a node another name.
import { useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { call } from '../../server/client.ts';
import { may, me } from '../../state/me.ts';
import { ownerKind } from '../../state/nodes/node-filters.ts';
import type { NodeView } from '../../state/nodes/node-view.ts';
import { renamed } from '../../state/nodes/nodes.ts';
import { notify, sentenceOf } from '../../state/notices.ts';
import { texts } from '../../texts.ts';

const says = texts.dialog;

/** The question; what is wrong with a name, the server says. */
export function RenameDialog({
  node,
  onClose,
}: {
  readonly node: NodeView;
  readonly onClose: (isDone: boolean) => void;
}) {
  const [name, setName] = useState(node.name);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const submit = async () => {
    setBusy(true);
    try {
      const isOthers = ownerKind(node, me.value?.user ?? '') === 'others';
      const takesOthers = isOthers && may('operator');
      await call('nodes.rename', { node: node.name, name, takesOthers });
      notify('good', says.renamed(name));
      renamed(node.name, name);
      onClose(true);
    } catch (reason) {
      setError(sentenceOf(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={says.rename(node.name)}
      submit={says.renameSubmit}
      isBusy={isBusy}
      mayNot={name === node.name || name === ''}
      onSubmit={submit}
      onClose={() => onClose(false)}
    >
      <label class="field">
        {says.newName}
        <input
          value={name}
          spellcheck={false}
          autocapitalize="none"
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <p class="hint">{says.renameHelp}</p>
      <p class="error" role="alert">
        {error}
      </p>
    </Dialog>
  );
}
