// The settings of one node: what they are, what they mean, and how to change them.
import { useEffect, useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { call, type Reply } from '../../server/client.ts';
import { mayChange } from '../../state/me.ts';
import { notify, sentenceOf, trying } from '../../state/notices.ts';
import { texts } from '../../texts.ts';

type Setting = Reply<'nodes.settings'>['devices'][number]['settings'][number];

const says = texts.node;

/** A table of them. */
export function Settings({ name }: { readonly name: string }) {
  const [settings, setSettings] = useState<readonly Setting[]>();
  const [changing, setChanging] = useState<Setting>();
  const load = () =>
    trying(async () => {
      const { devices } = await call('nodes.settings', { names: [name] });
      setSettings(devices[0]?.settings ?? []);
    });
  useEffect(() => {
    load();
  }, [name]);
  if (settings === undefined) return <p class="loading">{texts.loading}</p>;
  return (
    <div class="box">
      <p class="hint">{says.settingsHelp}</p>
      <dl class="settings">
        {settings.map((setting) => (
          <div key={setting.key}>
            <dt>
              <code>{setting.key}</code>
              <small>{setting.help}</small>
            </dt>
            <dd>
              {setting.isHidden ? (
                <small>{says.hiddenSetting}</small>
              ) : setting.isDefault ? (
                <span>{setting.value}</span>
              ) : (
                <b>{setting.value}</b>
              )}
              {mayChange.value && !setting.isHidden ? (
                <button
                  type="button"
                  onClick={() => setChanging(setting)}
                  aria-label={says.changeSetting(setting.key)}
                >
                  {says.change}
                </button>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      {changing === undefined ? null : (
        <ChangeDialog
          name={name}
          setting={changing}
          onClose={() => {
            setChanging(undefined);
            load();
          }}
        />
      )}
    </div>
  );
}

function ChangeDialog(props: {
  readonly name: string;
  readonly setting: Setting;
  readonly onClose: () => void;
}) {
  const { name, setting, onClose } = props;
  const [value, setValue] = useState(setting.value);
  const [error, setError] = useState('');
  const submit = async () => {
    try {
      const asked = { names: [name], settings: { [setting.key]: value } };
      const { devices } = await call('nodes.config', asked);
      const isSame = devices.every(({ changes }) => changes.length === 0);
      notify('good', isSame ? says.same : says.saved(setting.key));
      onClose();
    } catch (reason) {
      setError(sentenceOf(reason));
    }
  };
  return (
    <Dialog
      title={says.changeSetting(setting.key)}
      submit={says.save}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{setting.help}</p>
      <label class="field">
        <code>{setting.key}</code>
        <input
          value={value}
          spellcheck={false}
          onInput={({ currentTarget }) => setValue(currentTarget.value)}
        />
      </label>
      <p class="error" role="alert">
        {error}
      </p>
    </Dialog>
  );
}
