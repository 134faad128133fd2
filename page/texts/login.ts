// English texts of the way in.

/** The way in. */
export const loginTexts = {
  login: {
    title: 'Log in',
    lead: 'Network boot for PCs, Raspberry Pis, Coral boards and virtual machines.',
    user: 'User',
    password: 'Password',
    submit: 'Log in',
    working: 'Checking…',
    provider: (name: string) => `Sign in with ${name}`,
    leaving: 'Going there…',
    help: 'No account yet? On the server, an administrator runs',
    command: 'walt user create NAME --password',
  },
} as const;
