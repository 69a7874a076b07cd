import { parseArgs } from 'node:util'
import { openLocalTime } from '../calendar.ts'
import { openPhones } from '../phones.ts'
import { type Rehearsal, rehearse } from '../rehearsal/rehearsal.ts'
import { toEnding, toLines } from '../rehearsal/telling.ts'
import type { Moment } from '../schema.ts'
import type { Settings } from '../settings.ts'
import type { Command } from './commands.ts'
import { Misuse } from './misuse.ts'
import { siteOf } from './site.ts'

const usage = '--from NUMBER --to LINE [--at 2026-12-25T08:00] [--keys 1,2] [--hang-up SECONDS] [--json]'
/** Seconds after which the first phone that would ring is taken to answer. */
const answersAfter = 5

/** `callbus dry-run --from 0671234567 --to +380443334455 --at 08:00`: what would happen, and to whom. */
export const dryRun: Command = {
  about: 'Tells the story a call would have; nobody is rung and nothing is written.',
  takes: usage,
  async run(words) {
    const { folder, settings } = siteOf(words)
    const wish = wishOf(words, settings)
    const rehearsal = await rehearse({ settings, folder, ...wish })
    console.log(wish.isJson ? JSON.stringify(rehearsal, null, 2) : toText(rehearsal, wish, settings))
    return 0
  },
}

interface Wish {
  from?: string
  to: string
  at: Moment
  keys: string[]
  hangUpAfter?: number
  answersAfter?: number
  isJson: boolean
}

function wishOf(words: string[], { site, lines }: Settings): Wish {
  const { values } = parseArgs({
    args: words,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      at: { type: 'string' },
      keys: { type: 'string' },
      'hang-up': { type: 'string' },
      'nobody-answers': { type: 'boolean' },
      json: { type: 'boolean' },
      site: { type: 'string' },
    },
    allowPositionals: true,
    strict: false,
  })
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined)
  const from = text('from')
  if (from === undefined) throw new Misuse('Say who calls: --from +380671234567, or --from withheld')
  const named = text('to') ?? (lines.length === 1 ? lines[0]?.number : undefined)
  if (named === undefined || named === '*') throw new Misuse('Say which line is called: --to NUMBER')
  const known = lines.find(({ number, name }) => number === named || name === named)
  if (!known && !lines.some(({ number }) => number === '*'))
    throw new Misuse(
      `There is no line ${named}. The lines are ${lines.map(({ number }) => number).join(', ')}`,
    )
  const phone = openPhones(site).toE164(from)
  if (phone === undefined && from !== 'withheld')
    throw new Misuse(`${from} is no phone number. Write it like +380671234567, or --from withheld`)
  return {
    ...(phone !== undefined && { from: phone }),
    to: known && known.number !== '*' ? known.number : named,
    at: momentOf(text('at'), site.timeZone),
    keys: keysOf(text('keys')),
    ...hangUpOf(text('hang-up')),
    ...(values['nobody-answers'] === true ? {} : { answersAfter }),
    isJson: values.json === true,
  }
}

const written = /^(?:(\d{4}-\d{2}-\d{2})(?:[T ]|$))?(?:([01]\d|2[0-3]):([0-5]\d))?$/

function momentOf(text: string | undefined, timeZone: string): Moment {
  if (text === undefined) return Date.now()
  const localTime = openLocalTime(timeZone)
  const [, date = localTime.at(Date.now()).date, hours, minutes] = written.exec(text) ?? []
  if (hours === undefined || Number.isNaN(Date.parse(date)))
    throw new Misuse('Write the time on the wall of the site after --at, like 2026-12-25T08:00 or 08:00')
  return localTime.momentAt(date, (Number(hours) * 60 + Number(minutes)) * 60_000)
}

function keysOf(text: string | undefined): string[] {
  const keys = (text ?? '').split(/[,\s]*/).filter(Boolean)
  if (keys.some((key) => !/^[0-9*#]$/.test(key)))
    throw new Misuse(
      'Write keys after --keys, such as 1,2 or 0#; each is pressed when he has listened to the end',
    )
  return keys
}

function hangUpOf(text: string | undefined): { hangUpAfter?: number } {
  if (text === undefined) return {}
  const hangUpAfter = Number(text)
  if (text === '' || !(hangUpAfter >= 0))
    throw new Misuse('Write seconds after --hang-up, such as --hang-up 12')
  return { hangUpAfter }
}

function toText(rehearsal: Rehearsal, { from, to, at }: Wish, { site, lines }: Settings): string {
  const line = lines.find(({ number }) => number === to) ?? lines.find(({ number }) => number === '*')
  const about = [line?.language ?? site.language, line?.city, line?.brand, line?.venue].filter(Boolean)
  const when = new Intl.DateTimeFormat('en-GB', {
    timeZone: site.timeZone,
    dateStyle: 'full',
    timeStyle: 'short',
  }).format(at)
  return [
    `${from ?? 'A withheld number'} calls ${to}, the line ${line?.name} (${about.join(', ')}), on ${when}.`,
    ...dispatchLines(rehearsal),
    ...rehearsal.without,
    `Phones that would ring are taken to answer after ${answersAfter} s, unless told otherwise by --nobody-answers.`,
    '',
    ...toLines(rehearsal),
    '',
    toEnding(rehearsal),
    ...(rehearsal.keysLeft.length > 0
      ? [`He had no occasion to press ${rehearsal.keysLeft.join(', ')}.`]
      : []),
  ].join('\n')
}

function dispatchLines({ dispatch }: Rehearsal): string[] {
  if (!dispatch) return ['There is no dispatch program in the settings.']
  if (dispatch.because !== undefined)
    return [`${dispatch.name} cannot be reached (${dispatch.because}): the story is without it.`]
  return [`${dispatch.name} is asked, and changes nothing.`]
}
