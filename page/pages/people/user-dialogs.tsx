// Questions about users.
import { WorkDialog, type WorkField } from '../../parts/work-dialog.tsx';
import { call, type Reply } from '../../server/client.ts';
import { ROLES, type Role } from '../../state/me.ts';
import { texts } from '../../texts.ts';

/** A user as the server tells of them. */
export type User = Reply<'users.list'>['users'][number];

const says = texts.users;
const CHOICES = ROLES.map((role) => [role, texts.roles[role]] as const);

/** Lets somebody in. */
export function CreateUser({ onClose }: { readonly onClose: () => void }) {
  return (
    <WorkDialog
      title={says.createTitle}
      text={says.createText}
      submit={says.createSubmit}
      fields={[
        { name: 'name', label: says.name, value: '' },
        { name: 'role', label: says.role, value: 'user', choices: CHOICES },
        {
          ...{ name: 'password', label: says.noPassword, value: '' },
          ...{ kind: 'new-password', isOptional: true },
        },
      ]}
      work={async ({ name = '', role, password }) => {
        const given = password === '' ? {} : { password };
        await call('users.create', { name, role: role as Role, ...given });
        return says.created(name);
      }}
      onClose={onClose}
    />
  );
}

/** Another role or password. */
export function ChangeUser({
  user,
  onClose,
}: {
  readonly user: User;
  readonly onClose: () => void;
}) {
  const { name, role: before, provider } = user;
  const password: WorkField = {
    ...{ name: 'password', label: says.newPassword, value: '' },
    ...{ kind: 'new-password', isOptional: true },
  };
  return (
    <WorkDialog
      title={says.changeTitle(name)}
      text={says.changeText}
      submit={says.changeSubmit}
      fields={[
        { name: 'role', label: says.role, value: before, choices: CHOICES },
        ...(provider === null ? [password] : []),
      ]}
      work={async ({ role, password: given = '' }) => {
        await call('users.change', {
          name,
          ...(role === before ? {} : { role: role as Role }),
          ...(given === '' ? {} : { password: given }),
        });
        return says.changed(name);
      }}
      onClose={onClose}
    />
  );
}

/** No way in, until somebody enables them. */
export function DisableUser({
  name,
  onClose,
}: {
  readonly name: string;
  readonly onClose: () => void;
}) {
  return (
    <WorkDialog
      title={says.disableTitle(name)}
      text={says.disableText}
      submit={says.disable}
      isBad
      work={async () => {
        await call('users.change', { name, isDisabled: true });
        return says.disabledNow(name);
      }}
      onClose={onClose}
    />
  );
}

/** No user any more. */
export function RemoveUser({
  name,
  onClose,
}: {
  readonly name: string;
  readonly onClose: () => void;
}) {
  return (
    <WorkDialog
      title={says.removeTitle(name)}
      text={says.removeText}
      submit={says.remove}
      isBad
      work={async () => {
        await call('users.remove', { name });
        return says.removed(name);
      }}
      onClose={onClose}
    />
  );
}
