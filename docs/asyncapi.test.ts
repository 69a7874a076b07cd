import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import { facts } from '#core/call-bus/events.ts'
import { asyncApiPage } from '../scripts/asyncapi-page.ts'

type Node = { [key: string]: unknown }
interface Document extends Node {
  channels: Record<string, { address: string; parameters: Node; messages: Node }>
  operations: Record<string, { action: string; channel: Ref; messages: Ref[]; reply?: { channel: Ref } }>
  components: { messages: Record<string, { payload: object }> }
}
interface Ref {
  $ref: string
}

const document = JSON.parse(asyncApiPage()) as Document
const refsIn = (node: unknown): string[] =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([key, each]) => (key === '$ref' ? [String(each)] : refsIn(each)))
const lookUp = (ref: string) =>
  ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((node, key) => (node as Node | undefined)?.[key], document)

test('it has what AsyncAPI 3 wants at its root, and nothing else', () => {
  const known = [
    'asyncapi',
    'id',
    'info',
    'servers',
    'defaultContentType',
    'channels',
    'operations',
    'components',
  ]
  assert.match(String(document.asyncapi), /^3\.\d+\.\d+$/)
  const { title, version } = document.info as { title: unknown; version: unknown }
  assert.ok(title && version)
  assert.deepEqual(
    Object.keys(document).filter((key) => !known.includes(key)),
    [],
  )
})

test('every reference leads somewhere', () => {
  for (const ref of refsIn(document)) assert.ok(lookUp(ref), ref)
})

test('every component has a name that references can carry', () => {
  for (const name of Object.keys(document.components.messages)) assert.match(name, /^[a-zA-Z0-9.\-_]+$/)
})

test('a channel declares exactly the parameters of its address, and no address comes twice', () => {
  const addresses = Object.values(document.channels).map(({ address, parameters }) => {
    const named = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    assert.deepEqual(Object.keys(parameters).sort(), named.sort(), address)
    return address
  })
  assert.equal(new Set(addresses).size, addresses.length)
})

test('an operation sends or receives messages of its own channel, and a reply those of the answer’s', () => {
  for (const [name, { action, channel, messages, reply }] of Object.entries(document.operations)) {
    assert.ok(['send', 'receive'].includes(action), name)
    for (const { $ref } of messages) assert.ok($ref.startsWith(`${channel.$ref}/messages/`), name)
    assert.equal(reply !== undefined, action === 'receive', name)
  }
})

test('every payload is a schema that can be compiled', () => {
  for (const { payload } of Object.values(document.components.messages)) Compile(payload as never)
})

test('every fact is there, and a fact as it travels fits its message', () => {
  for (const name of Object.keys(facts)) assert.ok(document.operations[`fact.${name}`], name)
  const message = document.components.messages['fact.call.key-pressed']
  const validator = Compile(message?.payload as never)
  const fact = { id: 1, at: 2, name: 'call.key-pressed', data: { call: 'c1', key: '9' } }
  assert.ok(validator.Check(fact))
  const empty = { id: 1, at: 2, name: 'call.key-pressed', data: {} }
  assert.ok(!validator.Check(empty))
})

test('the commands of the dispatch door are there with their answers', () => {
  for (const name of ['order.tell-stage', 'call-back.request', 'join.request', 'call.hang-up']) {
    assert.ok(document.operations[`command.${name}`]?.reply, name)
  }
})
