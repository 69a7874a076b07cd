/**
 * What a test needs from the machine. Each question answers `false` when it is there, and otherwise the
 * sentence that the run prints: what is missing and how to get it. `CALLBUS_REQUIRE=asterisk,…` makes a
 * missing neighbour fail the run instead.
 */
import { existsSync, globSync } from 'node:fs'
import { findAsterisk } from '../asterisk/provision.ts'
import { hasProgram, programPath } from './daemon.ts'

export type Neighbour = keyof typeof needs

export const needs = {
  asterisk: () =>
    missing(
      'asterisk',
      findAsterisk(),
      'install Asterisk 20 or newer, or on Debian run `node test/asterisk/provision.ts`',
    ),
  mosquitto: () => missing('mosquitto', hasProgram('mosquitto'), 'install the package mosquitto'),
  postgres: () => missing('postgres', postgresFolder(), 'install the package postgresql'),
  chromium: () => missing('chromium', chromiumPath(), 'install the package chromium'),
  sipp: () => missing('sipp', hasProgram('sipp'), 'install the package sip-tester'),
  espeak: () => missing('espeak', hasProgram('espeak-ng'), 'install the package espeak-ng'),
}

/** Where the newest PostgreSQL server's programs are. */
export function postgresFolder(): string | undefined {
  const onPath = programPath('initdb')
  if (onPath) return onPath.replace(/\/initdb$/, '')
  const version = (folder: string) => Number(folder.split('/').at(-2))
  return globSync('/usr/lib/postgresql/*/bin')
    .filter((folder) => existsSync(`${folder}/initdb`))
    .sort((one, other) => version(other) - version(one))[0]
}

export function chromiumPath(): string | undefined {
  return ['chromium', 'chromium-browser', 'google-chrome'].map(programPath).find(Boolean)
}

function missing(name: string, found: unknown, remedy: string): string | false {
  if (found) return false
  const sentence = `no ${name} here: ${remedy}`
  if (process.env.CALLBUS_REQUIRE?.split(',').includes(name)) throw new Error(sentence)
  return sentence
}
