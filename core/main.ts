#!/usr/bin/env node
/** Reads settings, starts the app, waits for the signal to stop it; and the other commands of `callbus`. */
import { findCommand } from './cli/commands.ts'
import { Misuse } from './cli/misuse.ts'
import { CallbusError } from './errors.ts'

const [name = 'help', ...words] = process.argv.slice(2)
try {
  process.exitCode = await (await findCommand(name)).run(words)
} catch (thrown) {
  if (thrown instanceof Misuse) console.error(thrown.message)
  else console.error(thrown instanceof CallbusError ? `${thrown.code}: ${thrown.message}` : thrown)
  process.exitCode = thrown instanceof Misuse ? 2 : 1
}
