import { nearest } from '../did-you-mean.ts'
import { check } from './check.ts'
import { doctor } from './doctor.ts'
import { dryRun } from './dry-run.ts'
import { Misuse } from './misuse.ts'
import { newPlugin } from './new-plugin.ts'
import { ownCommands } from './own-commands.ts'
import { prompts } from './prompts.ts'
import { schema } from './schema.ts'
import { signIn } from './sign-in.ts'
import { sim } from './sim.ts'
import { start } from './start.ts'
import { token } from './token.ts'

/** One word after `callbus`; answers with the exit code of the process. */
export interface Command {
  about: string
  /** What it takes besides `--site FOLDER`. */
  takes?: string
  run(words: string[]): Promise<number>
}

const help: Command = {
  about: 'Says what there is.',
  async run() {
    const all = { ...commands, ...(await ownCommands()) }
    const width = Math.max(...Object.keys(all).map(({ length }) => length)) + 2
    const rows = Object.entries(all).flatMap(([name, { about, takes }]) => [
      `  ${name.padEnd(width)}${about}`,
      ...(takes ? [`  ${''.padEnd(width)}${takes}`] : []),
    ])
    console.log(
      [
        'callbus COMMAND [--site FOLDER]',
        '',
        ...rows,
        '',
        'A site is a folder with a callbus.yaml. Without --site it is the present folder; when that holds',
        'no callbus.yaml, it is the living company: an exchange and a dispatch program that are simulated.',
      ].join('\n'),
    )
    return 0
  },
}

const commands: Record<string, Command> = {
  start,
  check,
  doctor,
  'dry-run': dryRun,
  'sign-in': signIn,
  token,
  prompts,
  schema,
  'new-plugin': newPlugin,
  sim,
  help,
}

/** Ours, or one that an adapter or a plugin brings along. */
export async function findCommand(name: string): Promise<Command> {
  const wanted = name === '--help' || name === '-h' ? 'help' : name
  const ours = Object.hasOwn(commands, wanted) ? commands[wanted] : undefined
  if (ours) return ours
  const theirs = await ownCommands()
  const own = Object.hasOwn(theirs, wanted) ? theirs[wanted] : undefined
  if (own) return own
  const near = nearest(wanted, Object.keys({ ...commands, ...theirs }))
  throw new Misuse(
    `There is no command \`${wanted}\`; ${near ? `did you mean \`${near}\`?` : '`callbus help` lists them.'}`,
  )
}
