/** The page of facts, from the one table the code has of them. */
import { facts } from '#core/call-bus/events.ts'

interface Field {
  type?: string
  description?: string
  const?: unknown
  anyOf?: Field[]
  pattern?: string
}

export function factsPage(): string {
  const sections = Object.entries(facts).map(([name, { about, shape }]) => {
    const { properties, required = [] } = shape as { properties: Record<string, Field>; required?: string[] }
    const rows = Object.entries(properties).map(([field, value]) =>
      row(
        `\`${field}\``,
        kindOf(value),
        required.includes(field) ? 'always' : 'if known',
        value.description ?? '',
      ),
    )
    return [
      `## \`${name}\``,
      '',
      about,
      '',
      row('Field', 'Is', 'Present', ''),
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n')
  })
  return `${[intro, ...sections].join('\n\n')}\n`
}

const intro = `# Facts

Everything that happens in the house is told once, as a fact: past tense, plain data, asking for nothing. Plugins
hear facts with \`bus.on(name, listener)\`; the journal keeps them, MQTT carries them on
\`callbus/<site>/fact/<name>\`, and the event stream brings them to the console. Facts of one call arrive in order.

Each travels as \`{ id, at, name, data }\`: \`id\` grows by one, \`at\` is milliseconds since 1970 UTC, \`data\` is what
stands below. This page is written from the code by \`npm run docs\`.`

function row(...cells: string[]): string {
  return `| ${cells.join(' | ')} |`.replace('|  |', '| |')
}

function kindOf({ type, anyOf, const: fixed, pattern }: Field): string {
  if (anyOf) return anyOf.map(kindOf).join(' or ')
  if (fixed !== undefined) return `\`${fixed}\``
  if (pattern) return 'number in E.164'
  return (
    {
      object: 'object',
      array: 'list',
      string: 'text',
      number: 'number',
      integer: 'whole number',
      boolean: 'true or false',
    }[type ?? ''] ?? 'any'
  )
}
