/** Signing in, pauses and signing out from the phone on the desk: a code is dialled, and what is done is spoken. */
import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { Caller, Saying } from '#core/plugin.ts'
import type { Desk } from './desk.ts'
import type { OperatorMove } from './operator-state.ts'
import { codeWords } from './phone-code-words.ts'
import type { Roster } from './roster.ts'
import type { Settings } from './settings.ts'
import type { WayIn } from './sign-in.ts'

const triesAtMost = 3
/** How long a phone is not listened to after that many wrong PINs, in milliseconds. */
const lockedFor = 5 * 60_000

export type PhoneCode = { is: 'sign-in' | 'ready' | 'sign-out' | 'unknown' } | { is: 'pause'; reason: string }

/** `*13` is a pause, `*132` one with the second reason. */
export function codeOf(dialled: string, codes: Settings['phoneCodes']): PhoneCode {
  if (dialled === codes.signIn) return { is: 'sign-in' }
  if (dialled === codes.ready) return { is: 'ready' }
  if (dialled === codes.signOut) return { is: 'sign-out' }
  if (dialled === codes.pause) return { is: 'pause', reason: 'pause' }
  const reason = dialled.startsWith(codes.pause)
    ? codes.reasons[dialled.slice(codes.pause.length)]
    : undefined
  return reason === undefined ? { is: 'unknown' } : { is: 'pause', reason }
}

export function openPhoneCodes(parts: {
  clock: Clock
  desk: Pick<Desk, 'tell'>
  roster: Roster
  settings: Pick<Settings, 'operators' | 'phoneCodes'>
  signIn: WayIn
}) {
  const { clock, desk, roster, settings, signIn } = parts
  const wrong = new Map<string, { times: number; last: number }>()

  function isLocked(extension: string): boolean {
    const tries = wrong.get(extension)
    if (tries && clock.now() - tries.last >= lockedFor) wrong.delete(extension)
    return (wrong.get(extension)?.times ?? 0) >= triesAtMost
  }

  async function signInHere(caller: Caller, extension: string) {
    if (isLocked(extension)) return await caller.say(codeWords.tooOften)
    const number = await caller.collect(codeWords.enterNumber, { maximum: 10 })
    const pin = await caller.collect(codeWords.enterPin, { maximum: 10 })
    const operator = settings.operators.find(({ id, number: own = id }) => own === number)
    if (!operator || !isSame(operator.pin, pin)) {
      wrong.set(extension, { times: (wrong.get(extension)?.times ?? 0) + 1, last: clock.now() })
      return await caller.say(codeWords.wrongPin)
    }
    wrong.delete(extension)
    const sitting = roster.operatorAt(extension)
    if (sitting !== undefined && sitting !== operator.id) return await caller.say(codeWords.seatTaken)
    await endingWith(caller, codeWords.signedIn, () => signIn(operator.id, extension))
  }

  /** While he listens his phone is not free: he is offered calls once it is, also when he does not listen to the end. */
  async function endingWith(caller: Caller, saying: Saying, act: () => void) {
    try {
      await caller.say(saying)
      await caller.hangUp()
    } finally {
      act()
    }
  }

  function move(operator: string, to: Exclude<OperatorMove, { name: 'offered' | 'offer-over' }>) {
    desk.tell({ name: 'operator-moved', operator, move: to })
  }

  return async function answerCode(caller: Caller): Promise<void> {
    const { extension, to } = caller.call
    if (extension === undefined) return await caller.hangUp()
    await caller.answer()
    caller.served('dialled a code')
    const code = codeOf(to, settings.phoneCodes)
    if (code.is === 'sign-in') return await signInHere(caller, extension).catch(taken)
    const operator = roster.operatorAt(extension)
    if (code.is === 'unknown') return await caller.say(codeWords.unknownCode)
    if (operator === undefined) return await caller.say(codeWords.nobodyHere)
    if (code.is === 'ready')
      return await endingWith(caller, codeWords.ready, () => move(operator, { name: 'ready' }))
    if (code.is === 'pause') {
      move(operator, { name: 'paused', reason: code.reason })
      return await caller.say(codeWords.notReady)
    }
    move(operator, { name: 'signed-out' })
    await caller.say(codeWords.signedOut)

    /** Somebody was quicker, or he talks at another phone. */
    function taken(thrown: unknown) {
      if (!(thrown instanceof CallbusError)) throw thrown
    }
  }
}

/** Compared in the same time whatever is wrong about it. */
function isSame(pin: string | undefined, given: string): boolean {
  if (pin === undefined) return false
  const [right, typed] = [Buffer.alloc(16), Buffer.alloc(16)]
  right.write(pin)
  typed.write(given)
  return timingSafeEqual(right, typed) && pin.length === given.length
}
