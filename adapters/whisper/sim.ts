/** `callbus sim whisper`: a speech service for integrators, with texts of their own. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { parse, stringify } from 'yaml'
import type { SimCall } from '#core/adapter.ts'
import { reasonOf } from '#core/errors.ts'
import { misbehaviours } from './simulator/misbehaviours.ts'
import { inItsLanguage, settingsFor } from './simulator/simulate.ts'
import { startSpeechSimulator } from './simulator/simulator.ts'

export async function sim({ words, cleanup, print }: SimCall): Promise<string | undefined> {
  try {
    const { port, text, texts, openai, key, misbehave } = await read(words)
    const simulator = await startSpeechSimulator({
      port,
      manner: openai ? 'openai' : 'whisper.cpp',
      text: text ?? inItsLanguage,
      texts,
      ...(key !== undefined && { key }),
      onHeard: ({ hash, fields }) =>
        print(`Heard ${hash}, ${stringify(fields).trim().replaceAll('\n', ', ')}`),
    })
    cleanup.defer(() => simulator.stop())
    if (misbehave) simulator.misbehave(misbehaviours[misbehave])
    const settings = { ...settingsFor(simulator), ...(key !== undefined && { key }) }
    print(
      [
        'A simulated speech service is open. A Callbus reaches it by these settings:',
        '',
        stringify({ adapters: { whisper: settings } }).trimEnd(),
        '',
        ...(misbehave ? [`It ${misbehaviours[misbehave].about}.`] : []),
        'Ctrl-C closes it.',
      ].join('\n'),
    )
    return undefined
  } catch (thrown) {
    return reasonOf(thrown)
  }
}

async function read(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8090' },
      text: { type: 'string' },
      texts: { type: 'string' },
      openai: { type: 'boolean', default: false },
      key: { type: 'string' },
      misbehave: { type: 'string' },
    },
  })
  const { misbehave } = values
  if (misbehave !== undefined && !isKnown(misbehave)) {
    throw new Error(`It cannot misbehave as \`${misbehave}\`. Known are:\n${list()}`)
  }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('Write a number from 0 to 65535 after --port')
  }
  const texts = values.texts === undefined ? {} : await readTexts(values.texts)
  return { ...values, port, texts, misbehave }
}

async function readTexts(file: string): Promise<Record<string, string>> {
  const read: unknown = parse(await readFile(file, 'utf8'))
  const pairs = Object.entries(read !== null && typeof read === 'object' ? read : {})
  if (pairs.length === 0 || pairs.some(([, text]) => typeof text !== 'string')) {
    throw new Error(`${file} is no table of texts by the SHA-256 of what is sent`)
  }
  return Object.fromEntries(pairs)
}

function isKnown(name: string): name is keyof typeof misbehaviours {
  return Object.hasOwn(misbehaviours, name)
}

function list(): string {
  return Object.entries(misbehaviours)
    .map(([name, { about }]) => `  ${name.padEnd(12)}${about}`)
    .join('\n')
}
