// Short messages in a corner; screen readers read them out.
import { dismiss, notices } from '../../state/notices.ts';
import { texts } from '../../texts.ts';
import { Icon } from '../icon.tsx';

/** Those of now. */
export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map(({ id, kind, text }) => (
        <div class={`notice ${kind}`} key={id}>
          <Icon name={kind === 'good' ? 'check' : 'warn'} />
          <span>{text}</span>
          <button type="button" class="plain" aria-label={texts.close} onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
