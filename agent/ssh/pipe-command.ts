// What one node sends another one takes, by a pipe of the server.
import { shellWord } from './quote.ts';

/** Says once a second on its standard error how many bytes went through. */
const COUNTED = 'env LC_ALL=C dd bs=65536 status=progress';

/**
 * argv of a shell that joins both. Where the sender failed, what the taker says of a part that did not come is left out: the sender
 * has said why. The count fails where the taker went first.
 */
export function pipeCommand(sender: readonly string[], taker: readonly string[]): string[] {
  const [send, take] = [sender, taker].map((words) => words.map(shellWord).join(' '));
  const script = `exec 3>&2
said=$(${send} 2>&3 | ${COUNTED} 2>&3 | ${take} 2>&1; printf '\\n%s' "\${PIPESTATUS[*]}")
read -r sent counted taken <<<"\${said##*$'\\n'}"
[ "$sent" -eq 0 ] || [ "$counted" -ne 0 ] || exit "$sent"
echo "\${said%$'\\n'*}" >&2
[ "$taken" -eq 0 ] || exit "$taken"
exit "$counted"
`;
  return ['bash', '-c', script];
}
