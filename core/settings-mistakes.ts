/** What is wrong with settings, one sentence for each mistake, in the words of whoever wrote the yaml. */
import { Value } from 'typebox/value'
import { didYouMean, nearest } from './did-you-mean.ts'

/** A mistake as the validator tells it. */
export interface Finding {
  keyword: string
  schemaPath: string
  instancePath: string
  params: Record<string, unknown>
  message: string
}

interface Shape {
  properties?: Record<string, unknown>
  anyOf?: { const?: unknown; type?: unknown }[]
  examples?: unknown[]
  writeOnly?: boolean
}

const kinds: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a section with settings of its own',
  array: 'a list',
  null: 'empty',
}
const secretName = /password|secret|token|key/i

/** `where` names the section the settings stand in; empty for the whole file. */
export function toSentences(
  findings: readonly Finding[],
  { schema, settings, where }: { schema: object; settings: unknown; where: string },
): string[] {
  const choices = new Set(findings.filter(isChoice).map(({ instancePath }) => instancePath))
  const told = findings.filter(
    ({ keyword, instancePath }) =>
      keyword === 'anyOf' || (keyword !== 'additionalProperties' && !choices.has(instancePath)),
  )
  const sentences = told.flatMap((finding) => {
    const shape = shapeAt(schema, finding.schemaPath)
    const value = Value.Pointer.Get(settings, finding.instancePath)
    return toSentence(finding, { shape, schema, value, where })
  })
  return [...new Set(sentences)]
}

function toSentence(
  finding: Finding,
  { shape, schema, value, where }: { shape: Shape; schema: object; value: unknown; where: string },
): string[] {
  const { keyword, params, schemaPath } = finding
  const path = pathOf(finding.instancePath, where)
  const named = path ? `\`${path}\`` : 'the file'
  const unknown = schemaPath.match(/^(.*)\/additionalProperties$/)
  if (keyword === 'boolean' && unknown) {
    const known = Object.keys(shapeAt(schema, unknown[1] ?? '').properties ?? {})
    return [`${named} is not a setting${didYouMean(path.split('.').at(-1) ?? '', known)}`]
  }
  if (keyword === 'required' && Array.isArray(params.requiredProperties)) {
    return params.requiredProperties.map((name) => `\`${path ? `${path}.` : ''}${name}\` is missing`)
  }
  return [`${named} ${mustBe(finding, shape, value)}, but is ${shown(path, shape, value)}`]
}

function mustBe({ keyword, params, message }: Finding, shape: Shape, value: unknown): string {
  switch (keyword) {
    case 'type':
      return `must be ${kindOf(params.type)}`
    case 'anyOf':
      return shape.anyOf ? `must be ${oneOf(shape.anyOf, value)}` : message
    case 'minimum':
      return `must be at least ${params.limit}`
    case 'maximum':
      return `must be at most ${params.limit}`
    case 'minLength':
    case 'minItems':
      return 'must not be empty'
    case 'pattern': {
      const [example] = shape.examples ?? []
      return `must match ${params.pattern}${example === undefined ? '' : `, for example ${example}`}`
    }
    default:
      return message
  }
}

/** Fixed words to choose from, or kinds of values. */
function oneOf(choices: { const?: unknown; type?: unknown }[], value: unknown): string {
  const words = choices.map((choice) => choice.const).filter((word) => typeof word === 'string')
  if (words.length === 0) return choices.map(({ type }) => kindOf(type)).join(' or ')
  const near = typeof value === 'string' ? nearest(value, words) : undefined
  return `one of ${words.join(', ')}${near ? ` (${near}?)` : ''}`
}

function kindOf(type: unknown): string {
  return [type]
    .flat()
    .map((kind) => kinds[String(kind)] ?? String(kind))
    .join(' or ')
}

function shown(path: string, shape: Shape, value: unknown): string {
  if (value === '') return 'empty'
  if (shape.writeOnly || path.split('.').some((name) => secretName.test(name))) return 'something else'
  if (value === null) return 'left empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a section'
  return JSON.stringify(value)?.slice(0, 100) ?? 'nothing'
}

function isChoice({ keyword }: Finding): boolean {
  return keyword === 'anyOf'
}

function pathOf(instancePath: string, where: string): string {
  const steps = instancePath.split('/').slice(1)
  return [...where.split('.').filter(Boolean), ...steps].join('.')
}

function shapeAt(schema: object, schemaPath: string): Shape {
  const shape = Value.Pointer.Get(schema, schemaPath.replace(/^#/, ''))
  return typeof shape === 'object' && shape !== null ? shape : {}
}
