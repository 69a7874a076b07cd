import { parseArgs } from 'node:util'
import { didYouMean } from '../did-you-mean.ts'
import { isRight, type Right, rights, rightsOf } from '../users/rights.ts'
import type { Command } from './commands.ts'
import { Misuse } from './misuse.ts'
import { findPerson, withUsers } from './users-of-site.ts'

const usage = 'callbus token dispatch --rights calls.read,facts.read'

/** `callbus token dispatch --rights dispatch.tell,facts.read`: how a program gets in. */
export const token: Command = {
  about:
    'Makes a token for a program and prints it this once; it belongs to the first administrator or to --of.',
  takes: 'NAME --rights RIGHT,… [--of PERSON]',
  async run(words) {
    const { name, wanted, of } = wishOf(words)
    return await withUsers(words, async (users) => {
      const owner = await findPerson(users, of)
      if (!owner)
        throw new Misuse(`There is nobody named ${of}. \`callbus sign-in ${of} --role ROLE\` adds them.`)
      const missing = wanted.find((right) => !rightsOf[owner.role].includes(right))
      if (missing) throw new Misuse(`${owner.name} is ${owner.role} and has no right ${missing} to hand on.`)
      const { secret } = await users.tokens.make({ name, userId: owner.id, rights: wanted })
      console.log(secret)
      return 0
    })
  },
}

function wishOf(words: string[]) {
  const { values, positionals } = parseArgs({
    args: words,
    options: { site: { type: 'string' }, rights: { type: 'string' }, of: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  })
  const [name, ...more] = positionals
  if (!name || more.length > 0 || name.length > 100) throw new Misuse(`Name the program: ${usage}`)
  const given = typeof values.rights === 'string' ? values.rights.split(',').filter(Boolean) : []
  if (given.length === 0)
    throw new Misuse(`Say what it may do: ${usage}\nThe rights are ${rights.join(', ')}`)
  return {
    name,
    wanted: [...new Set(given.map(toRight))],
    of: typeof values.of === 'string' ? values.of : undefined,
  }
}

function toRight(word: string): Right {
  if (isRight(word)) return word
  throw new Misuse(
    `There is no right ${word}${didYouMean(word, rights) || `; the rights are ${rights.join(', ')}`}`,
  )
}
