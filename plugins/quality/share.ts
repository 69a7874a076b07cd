import { createHash } from 'node:crypto'

/** Whether it is among so many percent: of the same name always the same answer. */
export function isChosen(name: string, percent: number): boolean {
  return createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32 < percent / 100
}
