// A question with fields. What is done then may take a while, says how far it is, and why it failed.
import { useId, useState } from 'preact/hooks';
import { notify, sentenceOf } from '../state/notices.ts';
import { texts } from '../texts.ts';
import { Dialog } from './dialog.tsx';

/** What somebody types or chooses. */
export type WorkField = {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly isOptional?: boolean;
  /** by default plain text */
  readonly kind?: 'password' | 'new-password' | 'number';
  /** values and what they are called; then one of them is chosen */
  readonly choices?: readonly (readonly [value: string, text: string])[];
};

/** What a question is about, and what is done. */
export type WorkProps = {
  readonly title: string;
  readonly text: string;
  readonly submit: string;
  readonly isBad?: boolean;
  readonly fields?: readonly WorkField[];
  /** @returns what a notice says then */
  readonly work: (
    given: Readonly<Record<string, string>>,
    say: (text: string) => void,
  ) => Promise<string>;
  readonly onClose: () => void;
};

/** The question. */
export function WorkDialog(props: WorkProps) {
  const { title, text, submit, isBad = false, fields = [], work, onClose } = props;
  const [values, setValues] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(fields.map(({ name, value }) => [name, value])),
  );
  const [step, setStep] = useState('');
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    setError('');
    try {
      notify('good', await work(values, setStep));
      onClose();
    } catch (reason) {
      setError(sentenceOf(reason));
      setBusy(false);
    }
  };
  const lacks = fields.some(({ name, isOptional }) => isOptional !== true && values[name] === '');
  return (
    <Dialog
      title={title}
      submit={submit}
      isBad={isBad}
      isBusy={isBusy}
      mayNot={lacks}
      onSubmit={start}
      onClose={onClose}
    >
      <p>{text}</p>
      {fields.map((field) => (
        <Field
          key={field.name}
          field={{ ...field, value: values[field.name] ?? '' }}
          onInput={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      {isBusy ? (
        <p class="progress" role="status">
          <i /> {step === '' ? texts.images.working : step}
        </p>
      ) : null}
      <p class="error" role="alert">
        {error}
      </p>
    </Dialog>
  );
}

type FieldProps = {
  readonly field: WorkField;
  readonly onInput: (value: string) => void;
};

function Field({ field, onInput }: FieldProps) {
  const id = useId();
  const { label, value, choices } = field;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {choices === undefined ? (
        <Typed id={id} field={field} onInput={onInput} />
      ) : (
        <select id={id} value={value} onInput={({ currentTarget }) => onInput(currentTarget.value)}>
          {choices.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function Typed({ id, field: { value, kind }, onInput }: FieldProps & { readonly id: string }) {
  const told = {
    ...{ id, value },
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      onInput(currentTarget.value),
  };
  switch (kind) {
    case 'password':
      return <input {...told} type="password" autocomplete="current-password" />;
    case 'new-password':
      return <input {...told} type="password" autocomplete="new-password" />;
    case 'number':
      return <input {...told} type="number" />;
    default:
      return <input {...told} autocomplete="off" spellcheck={false} autocapitalize="none" />;
  }
}
