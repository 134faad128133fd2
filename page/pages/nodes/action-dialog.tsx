// Says what will happen to nodes, and does it when somebody agrees.
import { useEffect, useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { call, type Reply } from '../../server/client.ts';
import { may, me } from '../../state/me.ts';
import { type Action, planOf } from '../../state/nodes/actions.ts';
import type { NodeView } from '../../state/nodes/node-view.ts';
import { sentenceOf, trying } from '../../state/notices.ts';
import { texts } from '../../texts.ts';
import { doAction } from './do-action.ts';

const says = texts.dialog;
const MOST_NAMES = 8;

type Image = Reply<'images.list'>['images'][number];

/** The question about an action. */
export function ActionDialog(props: {
  readonly action: Action;
  readonly nodes: readonly NodeView[];
  readonly onClose: (isDone: boolean) => void;
}) {
  const { action, nodes, onClose } = props;
  const user = me.value?.user ?? '';
  const [image, setImage] = useState('');
  const [takesOthers, setTakesOthers] = useState(false);
  const [rebootsNow, setRebootsNow] = useState(true);
  const [isHard, setHard] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const whole = planOf(action, { nodes, user, image });
  const others = new Set(whole.ofOthers);
  const left = takesOthers ? nodes : nodes.filter((node) => !others.has(node));
  const plan = planOf(action, { nodes: left, user, image });
  const submit = async () => {
    setBusy(true);
    try {
      const reboots = rebootsNow && plan.running.length > 0;
      await doAction(
        { action, nodes: left, image, takesOthers, isHard },
        reboots ? plan.running : [],
      );
      onClose(true);
    } catch (reason) {
      setError(sentenceOf(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={texts.questions[action](nodes.length)}
      submit={texts.doIt[action]}
      isBad={action === 'off'}
      isBusy={isBusy}
      mayNot={left.length === 0 || (action === 'boot' && image === '')}
      onSubmit={submit}
      onClose={() => onClose(false)}
    >
      {action === 'boot' ? (
        <ImageChoice nodes={nodes} user={user} value={image} onChange={setImage} />
      ) : null}
      {left.length === 0 && !may('operator') ? <p>{says.nothing}</p> : null}
      <ul class="effects">
        {(action === 'boot' && image === '' ? [] : plan.effects).map(({ text, names }) => (
          <li key={text}>
            <b>{namesText(names)}</b> {text}
          </li>
        ))}
      </ul>
      {plan.running.length === 0 ? null : (
        <Check
          isOn={rebootsNow}
          onChange={setRebootsNow}
          text={says.rebootNow(plan.running.length)}
        />
      )}
      {action === 'reboot' ? <Check isOn={isHard} onChange={setHard} text={says.hard} /> : null}
      {whole.ofOthers.length === 0 ? null : (
        <div class="warning">
          <p>
            {says.ofOthers(
              namesText(whole.ofOthers.map(({ name, owner }) => `${name} (${owner})`)),
            )}
          </p>
          {may('operator') ? (
            <Check isOn={takesOthers} onChange={setTakesOthers} text={says.takeOthers} />
          ) : (
            <p>{says.mayNot}</p>
          )}
        </div>
      )}
      <p class="error" role="alert">
        {error}
      </p>
    </Dialog>
  );
}

function ImageChoice(props: {
  readonly nodes: readonly NodeView[];
  readonly user: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
}) {
  const { nodes, user, value, onChange } = props;
  const [images, setImages] = useState<readonly Image[]>();
  useEffect(() => {
    trying(async () => setImages((await call('images.list')).images));
  }, []);
  const models = [...new Set(nodes.map(({ model }) => model))];
  const suits = (image: Image) => models.every((model) => image.models.includes(model));
  const own = images?.filter((image) => image.name.startsWith(`${user}/`) && suits(image));
  if (own !== undefined && own.length === 0) return <p class="warning">{says.noImages}</p>;
  return (
    <label class="field">
      {says.image}
      <select
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        required
      >
        <option value="">{says.chooseImage}</option>
        {own?.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A box to tick, with its text. */
export function Check(props: {
  readonly isOn: boolean;
  readonly text: string;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { isOn, text, onChange } = props;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      {text}
    </label>
  );
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? `${shown} ${says.more(rest)}` : shown;
}
