#!/usr/bin/env node
/** Reads settings, starts the app, waits for the signal to stop it; and the other commands of `callbus`. */
import { findCommand } from './cli/commands.ts'
import { CallbusError, reasonOf } from './errors.ts'

const [name = 'help', ...words] = process.argv.slice(2)
try {
  process.exitCode = await (await findCommand(name)).run(words)
} catch (thrown) {
  console.error(thrown instanceof CallbusError ? `${thrown.code}: ${thrown.message}` : reasonOf(thrown))
  if (!(thrown instanceof CallbusError)) console.error(thrown)
  process.exitCode = 1
}
