import type { Caller, Partner } from '#core/plugin.ts'
import type { Settings, Step } from './settings.ts'
import { words } from './words.ts'

/** One phone after another; between and while they ring he hears words and music, never silence. */
export async function ringManagers(
  caller: Caller,
  steps: readonly Step[],
  { settings, isBusy }: { settings: Settings; isBusy(phone: string): boolean },
): Promise<void> {
  await caller.answer()
  caller.prefer(settings.priority)
  const partner = await firstToAnswer(caller, steps, settings.music, isBusy)
  if (partner) return void (await caller.talkTo(partner))
  await caller.transferTo(settings.whenNobody, 'his manager did not answer')
}

async function firstToAnswer(
  caller: Caller,
  steps: readonly Step[],
  music: string | undefined,
  isBusy: (phone: string) => boolean,
): Promise<Partner | undefined> {
  using _music = caller.playOnHold(music)
  let saying = words.connecting
  for (const { phone, ringFor } of steps) {
    if (isBusy(phone)) continue
    const answered = new AbortController()
    const [partner] = await Promise.all([
      caller
        .reach({ phones: [phone], ringFor, show: phone.startsWith('+') ? 'company' : 'caller' })
        .finally(() => answered.abort(new Error('the phone has been tried'))),
      caller.sayUntil(answered.signal, saying),
    ])
    if (partner) return partner
    saying = words.tryingOn
  }
  await caller.say(words.toOperators)
  return undefined
}
