import { oneOf, type Static, Type } from '#core/schema.ts'

export const NumberList = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,39}$',
      description: 'How programs call the list. `black`, `vip` and `prize` are there from the beginning.',
    }),
    title: Type.String({ minLength: 1, maxLength: 60, description: 'How people call the list.' }),
    effect: oneOf(['refuse', 'priority', 'none'], {
      description: 'What happens to its callers: turned away, served sooner, or only marked in the story.',
    }),
    priority: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'With `priority`: the larger, the sooner. Default 10.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type NumberList = Static<typeof NumberList>

export const Settings = Type.Object(
  {
    announcement: oneOf(['standard', 'none'], {
      default: 'standard',
      description: 'What a refused caller hears before the line is closed: our sentence, or nothing.',
    }),
    obeyDispatch: Type.Boolean({
      default: true,
      description: 'The black category of the dispatch program refuses too, and its VIP mark is preferred.',
    }),
    lists: Type.Array(NumberList, {
      default: [],
      maxItems: 50,
      description: 'Further lists; one named like a list of the beginning takes its place.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>

const fromTheBeginning: readonly NumberList[] = [
  { name: 'black', title: 'Black list', effect: 'refuse' },
  { name: 'vip', title: 'VIP', effect: 'priority', priority: 10 },
  { name: 'prize', title: 'Prize', effect: 'none' },
]

/** All lists of the site, each name once. */
export function listsOf({ lists }: Pick<Settings, 'lists'>): NumberList[] {
  return [...new Map([...fromTheBeginning, ...lists].map((list) => [list.name, list])).values()]
}
