// From nothing to the first node, in three steps that tick themselves off.
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { call, type Reply } from '../server/client.ts';
import { mayChange } from '../state/me.ts';
import { lastEvent, nodes } from '../state/nodes/nodes.ts';
import { sentenceOf, trying } from '../state/notices.ts';
import { texts } from '../texts.ts';

type Device = Reply<'devices.list'>['devices'][number];

const says = texts.firstRun;

/** The page. */
export function FirstRun() {
  const [images, setImages] = useState(0);
  const [devices, setDevices] = useState<readonly Device[]>([]);
  useEffect(() => {
    const ask = () =>
      trying(async () => {
        const [known, seen] = await Promise.all([call('images.list'), call('devices.list')]);
        setImages(known.images.length);
        setDevices(seen.devices.filter(({ type }) => type === 'unknown'));
      });
    ask();
    return lastEvent.subscribe((event) => {
      if (event !== undefined && event.kind !== 'boot') ask();
    });
  }, []);
  const first = nodes.value?.[0];
  const isHeard = first !== undefined || devices.length > 0;
  return (
    <section class="page">
      <header class="bar">
        <h1>{says.title}</h1>
      </header>
      <p class="lead">{says.lead}</p>
      <ol class="steps">
        <Step title={says.image} isDone={images > 0}>
          <p>{images > 0 ? says.imageDone(images) : says.imageTodo}</p>
          <a class="button" href="/images">
            {texts.nav.images}
          </a>
        </Step>
        <Step title={says.medium} isDone={isHeard}>
          <p>{says.mediumText}</p>
          <a class="button" href="/media">
            {says.mediumLink}
          </a>
        </Step>
        <Step title={says.plug} isDone={first !== undefined}>
          <p>{says.plugTodo}</p>
          <div role="status">
            {devices.map(({ name, mac, note }) => (
              <p key={mac}>
                <b>{says.heard}:</b> {name} <code>{mac}</code> {note}
              </p>
            ))}
            {first === undefined && devices.length === 0 ? (
              <p class="waiting">{says.waiting}</p>
            ) : null}
            {first === undefined ? null : (
              <p>
                <b>{first.name}</b>: {says.done}{' '}
                <a class="button primary" href={`/nodes/${encodeURIComponent(first.name)}`}>
                  {says.open(first.name)}
                </a>
              </p>
            )}
          </div>
          {first === undefined && mayChange.value ? <Virtual /> : null}
        </Step>
      </ol>
    </section>
  );
}

function Step(props: {
  readonly title: string;
  readonly isDone: boolean;
  readonly children: preact.ComponentChildren;
}) {
  const { title, isDone, children } = props;
  return (
    <li class={isDone ? 'box done' : 'box'}>
      <h2>
        {isDone ? <Icon name="check" /> : null}
        {title}
      </h2>
      {children}
    </li>
  );
}

function Virtual() {
  const [error, setError] = useState('');
  const submit = async (form: HTMLFormElement) => {
    try {
      await call('nodes.create', { name: String(new FormData(form).get('name')) });
    } catch (reason) {
      setError(sentenceOf(reason));
    }
  };
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      <span>{says.virtual}</span>
      <input name="name" aria-label={says.virtualName} defaultValue="vm-1" required />
      <button type="submit">{says.virtualSubmit}</button>
      <p class="error" role="alert">
        {error}
      </p>
    </form>
  );
}
