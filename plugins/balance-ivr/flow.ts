import { type Caller, type Saying, secret } from '#core/plugin.ts'
import type { Account, AccountDetails } from '#core/ports/dispatch.ts'
import { isSayable } from '#core/voice/grammar/money.ts'
import { toPastTime } from '#core/voice/grammar/times.ts'
import { type Desk, type Known, toOperator } from './desk.ts'
import { whoseBalance } from './identification.ts'
import { words } from './words.ts'

/** Balance or debt, what else is known, keys: 9 repeat, 0 operator; silence ends the call. */
export async function tellBalance(caller: Caller, desk: Desk): Promise<void> {
  await caller.answer()
  const known = await whoseBalance(caller, desk)
  if (!known) return

  const { account } = known
  const isDriver = account.of === 'driver'
  if (!isSayable(account.balance)) {
    const says = words.nobodyKnows
    return await toOperator(caller, desk, 'his balance cannot be said', { says, isDriver })
  }
  const text = [...sayingsOf(account, await detailsOf(caller, known, desk), desk), words.keys]
  await desk.note(known, caller)

  const { patience, repeats } = desk.settings
  for (let told = 0; told < repeats; told += 1) {
    const choice = await caller.choose(
      text,
      { 9: 'repeat', 0: 'operator' },
      {
        patience,
        onHeard: () => caller.served('heard his balance'),
      },
    )
    if (choice === 'repeat') continue
    if (choice === 'operator') {
      const says = words.toOperator
      return await toOperator(caller, desk, 'pressed for: operator', { says, isDriver })
    }
    return await caller.say(words.goodbye)
  }
  await toOperator(caller, desk, 'listened to every repeat', { says: words.toOperator, isDriver })
}

/** What else is known; without an answer the balance is told alone. */
async function detailsOf(caller: Caller, { account }: Known, desk: Desk): Promise<AccountDetails> {
  const { ask, dispatch, settings } = desk
  const { lastOperation, priority, shift } = settings.tell
  const isWanted = lastOperation || (account.of === 'driver' && (priority || shift))
  if (!isWanted || !dispatch.capabilities.has('accountDetails')) return {}
  const details = await ask('accountDetails', caller.signal, (until) =>
    dispatch.accountDetails(account, until),
  )
  return details === 'silent' ? {} : details.answer
}

function sayingsOf(
  { of, balance, bonus, isLocked }: Account,
  { lastOperationAt, priority, shiftStartedAt }: AccountDetails,
  { now, settings, timeZone }: Pick<Desk, 'now' | 'settings' | 'timeZone'>,
): Saying[] {
  const { currency, tell } = settings
  const past = (moment: number) => toPastTime(moment, { now: now(), timeZone })
  const isDebt = Math.round(balance * 100) < 0
  const isDriver = of === 'driver'
  const told = [
    isDebt ? words.debt({ sum: balance, currency }) : words.balance({ sum: balance, currency }),
    tell.bonus &&
      bonus !== undefined &&
      bonus > 0 &&
      isSayable(bonus) &&
      words.bonus({ sum: bonus, currency }),
    isLocked && words.locked,
    tell.lastOperation && lastOperationAt !== undefined && words.lastOperation(past(lastOperationAt)),
    isDriver && tell.shift && shiftStartedAt !== undefined && words.shift(past(shiftStartedAt)),
    isDriver && tell.priority && priority !== undefined && words.priority({ priority }),
  ]
  return told.filter((saying) => saying !== false && saying !== undefined).map(secret)
}
