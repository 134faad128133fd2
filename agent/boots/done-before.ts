// What a boot by GRUB or kexec had asked for that an earlier run of the server saw: by that is told whether GRUB asks again in the
// same boot, or in the next one.
import { modelOf } from '../boot/models.ts';
import { type Boot, type BootSignal, doneSoFar } from '../boot/progress.ts';
import type { BootRecords, StoredBoot } from '../store/records/boots.ts';

/**
 * Of a boot that loaded files; nothing of others, and of boards, which have no GRUB: of a rack of them nothing is read. What cannot be
 * read keeps no server from its start.
 */
export async function doneBefore(
  { id, state, model = '' }: StoredBoot,
  {
    records,
    onProblem,
  }: {
    readonly records: Pick<BootRecords, 'stagesOf'>;
    readonly onProblem: (reason: unknown) => void;
  },
): Promise<Pick<Boot, 'hasAsked' | 'hasLoaded' | 'isWarm'>> {
  if (state !== 'files' || modelOf(model).family !== 'pc') return {};
  try {
    const stages = await records.stagesOf(id);
    return doneSoFar(stages.map(({ stage, detail }) => ({ kind: stage, ...detail }) as BootSignal));
  } catch (thrown) {
    onProblem(thrown);
    return {};
  }
}
