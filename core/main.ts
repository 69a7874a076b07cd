#!/usr/bin/env node
/** Reads settings, starts the app, waits for the signal to stop it; and the other commands of `callbus`. */
import { commands } from './cli/commands.ts'
import { CallbusError, reasonOf } from './errors.ts'

const [name = 'help', ...words] = process.argv.slice(2)
const command = commands[name] ?? commands.help
try {
  process.exitCode = (await command?.run(words)) ?? 0
} catch (thrown) {
  console.error(thrown instanceof CallbusError ? `${thrown.code}: ${thrown.message}` : reasonOf(thrown))
  if (!(thrown instanceof CallbusError)) console.error(thrown)
  process.exitCode = 1
}
