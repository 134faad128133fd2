// Answers to the call by which a server examines itself.
import type { Doctor } from '../../doctor/doctor.ts';
import type { Answers } from '../calls/call.ts';
import type { doctorCalls } from '../calls/doctor.ts';

/** What these answers need. */
export type DoctorParts = { readonly doctor: Pick<Doctor, 'examine'> };

/** Answers to the calls of calls/doctor.ts. */
export function doctorAnswers({ doctor }: DoctorParts): Answers<typeof doctorCalls> {
  return { 'server.examine': async () => ({ checks: await doctor.examine() }) };
}
