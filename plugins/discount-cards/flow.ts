import type { PatientAsking } from '#core/asking/ask-patiently.ts'
import type { Attempts } from '#core/attempts.ts'
import type { Caller, Saying } from '#core/plugin.ts'
import type { DiscountCard, Dispatch } from '#core/ports/dispatch.ts'
import type { Settings } from './settings.ts'
import { words } from './words.ts'

/** What the conversation needs. */
export interface Desk {
  ask: PatientAsking['ask']
  attempts: Attempts
  dispatch: Pick<Dispatch, 'capabilities' | 'findDiscountCard' | 'checkClaim'>
  settings: Settings
  /** His next order is to have what the card gives. */
  keep(caller: Caller, card: DiscountCard): Promise<void>
}

/** Longer than any card: whoever ends his with the hash key does not end the next question with it. */
const longestCode = 40

/** Number, password if there is one; a second try when it is wrong, then a person without the discount. */
export async function askForCard(caller: Caller, desk: Desk): Promise<'goes on' | 'led on'> {
  const { attempts, settings } = desk
  await caller.answer()
  for (let tried = 1; ; tried += 1) {
    const number = await typed(caller, words.number, desk)
    if (!isDigits(number)) return 'goes on'
    const attempt = await attempts.begin(caller.call.from, `client ${number}`)
    if (!attempt) return await toPerson(caller, desk, words.tooManyTries, 'too many cards have failed')

    const card = await checked(caller, number, desk)
    if (card === 'unknown' || card === 'wrong password') {
      if (tried === settings.attempts.perCall)
        return await toPerson(caller, desk, words.notFound, `his card: ${card}`)
      await caller.say(card === 'unknown' ? words.wrong : words.wrongPassword)
      continue
    }
    await attempt.takeBack()
    if (card === 'silent')
      return await toPerson(caller, desk, words.cannotCheck, 'nobody could check his card')
    if (card.isLocked) return await toPerson(caller, desk, words.locked, 'his card is locked')
    await accept(caller, card, desk)
    return 'goes on'
  }
}

async function checked(
  caller: Caller,
  number: string,
  desk: Desk,
): Promise<DiscountCard | 'unknown' | 'wrong password' | 'silent'> {
  const { ask, dispatch, settings } = desk
  const found = await ask('findDiscountCard', caller.signal, (until) =>
    dispatch.findDiscountCard(number, until),
  )
  if (found === 'silent') return 'silent'
  const card = found.answer
  if (!card) return 'unknown'
  if (!card.hasPassword || !settings.password) return card

  const claim = { login: number, password: await typed(caller, words.password, desk) }
  if (!isDigits(claim.password)) return 'wrong password'
  const proven = await ask('checkClaim', caller.signal, (until) => dispatch.checkClaim(claim, until))
  if (proven === 'silent') return 'silent'
  const owner = proven.answer
  return owner && 'clientId' in owner && owner.clientId === card.clientId ? card : 'wrong password'
}

async function accept(caller: Caller, card: DiscountCard, desk: Desk): Promise<void> {
  const { clientId: client, tariffId: tariff, discountId: discount } = card
  caller.chose({
    client,
    ...(tariff !== undefined && { tariff }),
    ...(discount !== undefined && { discount }),
  })
  if (tariff === undefined && discount === undefined) return await caller.say(words.noDiscount)
  await desk.keep(caller, card)
  await caller.say(words.accepted)
}

function typed(caller: Caller, text: Saying, { settings }: Desk): Promise<string> {
  return caller.collect(text, { maximum: longestCode, patience: settings.patience })
}

function isDigits(text: string): boolean {
  return /^\d+$/.test(text)
}

async function toPerson(caller: Caller, { settings }: Desk, says: Saying, because: string) {
  await caller.say(says)
  await caller.transferTo(settings.operatorsPlace ?? caller.call.line.fallback, because)
  return 'led on' as const
}
