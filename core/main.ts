#!/usr/bin/env node
/** Reads settings, starts the app, waits for the signal to stop it; and the other commands of `callbus`. */
import { enableCompileCache } from 'node:module'
import { CallbusError } from './errors.ts'

// Callers wait for a restart: what was compiled once is not compiled again. Loaded after it, so that it counts.
enableCompileCache()
const { findCommand } = await import('./cli/commands.ts')
const { Misuse } = await import('./cli/misuse.ts')

const [name = 'help', ...words] = process.argv.slice(2)
try {
  process.exitCode = await (await findCommand(name)).run(words)
} catch (thrown) {
  if (thrown instanceof Misuse) console.error(thrown.message)
  else console.error(thrown instanceof CallbusError ? `${thrown.code}: ${thrown.message}` : thrown)
  process.exitCode = thrown instanceof Misuse ? 2 : 1
}
