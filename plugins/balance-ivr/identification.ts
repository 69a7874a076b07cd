import type { Caller } from '#core/plugin.ts'
import type { Account, AccountOwner, Claim } from '#core/ports/dispatch.ts'
import { type Desk, type Known, toOperator } from './desk.ts'
import { words } from './words.ts'

type Owner = Desk['settings']['withCode'][number]

/** Longer than any code: whoever ends his with the hash key does not end the next question with it. */
const longestCode = 40

/** Whose balance the caller may hear; `undefined` when he was led to a person instead. */
export async function whoseBalance(caller: Caller, desk: Desk): Promise<Known | undefined> {
  const { ask, dispatch, settings } = desk
  const { from } = caller.call
  if (from !== undefined && settings.trustNumber.length > 0) {
    const found = await ask('findAccount', caller.signal, (until) =>
      dispatch.findAccount({ phone: from }, until),
    )
    if (found === 'silent') return await sendAway(caller, desk, 'nobody could say whose account it is')
    const account = found.answer
    if (account && settings.trustNumber.includes(account.of)) {
      if (mayHear(account, desk)) return { account, by: 'number' }
      await toOperator(caller, desk, 'an employee without the right', { says: words.notForYou })
      return undefined
    }
  }
  return await provenByCode(caller, desk)
}

function mayHear({ employeeId }: Account, { settings: { employees } }: Desk): boolean {
  if (employeeId === undefined || employees === 'all') return true
  return employees !== 'none' && employees.includes(employeeId)
}

async function provenByCode(caller: Caller, desk: Desk): Promise<Known | undefined> {
  const { attempts, dispatch, settings } = desk
  if (settings.withCode.length === 0 || !dispatch.capabilities.has('checkClaim')) {
    return await sendAway(caller, desk, 'his number is not known')
  }
  const owner = await whoHeIs(caller, desk)
  for (let tried = 0; owner && tried < settings.attempts.perCall; tried += 1) {
    const claim = await typedClaim(caller, owner, desk)
    if (!claim) break
    const attempt = await attempts.begin(caller.call.from, subjectOf(claim))
    if (!attempt) return await sendAway(caller, desk, 'too many codes have failed', words.tooManyTries)

    const known = await checked(caller, claim, desk)
    if (known !== 'wrong') await attempt.takeBack()
    if (known === 'silent') return await sendAway(caller, desk, 'nobody could check his code')
    if (known !== 'wrong') return known
    await caller.say(words.wrong)
  }
  return await sendAway(caller, desk, 'he did not prove who he is', words.toOperator)
}

async function sendAway(caller: Caller, desk: Desk, because: string, says = words.nobodyKnows) {
  await toOperator(caller, desk, because, { says })
  return undefined
}

async function whoHeIs(caller: Caller, { settings }: Desk): Promise<Owner | undefined> {
  const [only, ...others] = settings.withCode
  if (others.length === 0) return only
  const owners = { 1: 'driver', 2: 'client', 0: 'operator' } as const
  const chosen = await caller.choose(words.whoAreYou, owners, { attempts: 2, patience: settings.patience })
  return chosen === 'operator' ? undefined : chosen
}

/** `undefined` when he typed nothing, or the star that means a person. */
async function typedClaim(caller: Caller, owner: Owner, { settings }: Desk): Promise<Claim | undefined> {
  const options = { maximum: longestCode, patience: settings.patience }
  const isDriver = owner === 'driver'
  const name = await caller.collect(isDriver ? words.callSign : words.login, options)
  if (!isDigits(name)) return undefined
  const secret = await caller.collect(isDriver ? words.pin : words.password, options)
  if (!isDigits(secret)) return undefined
  return isDriver ? { callSign: name, pin: secret } : { login: name, password: secret }
}

function isDigits(typed: string): boolean {
  return /^\d+$/.test(typed)
}

async function checked(caller: Caller, claim: Claim, desk: Desk): Promise<Known | 'wrong' | 'silent'> {
  const { ask, dispatch } = desk
  const proven = await ask('checkClaim', caller.signal, (until) => dispatch.checkClaim(claim, until))
  if (proven === 'silent') return 'silent'
  const owner: AccountOwner | undefined = proven.answer
  if (!owner) return 'wrong'
  const found = await ask('findAccount', caller.signal, (until) => dispatch.findAccount(owner, until))
  if (found === 'silent' || !found.answer) return 'silent'
  return { account: found.answer, by: 'code' }
}

function subjectOf(claim: Claim): string {
  return 'callSign' in claim ? `driver ${claim.callSign}` : `client ${claim.login}`
}
