/**
 * `npm run bench`: one Asterisk, four subjects in turns. `-- --quick` takes a minute or two and shows only
 * that everything works, `-- --json` adds one line of JSON at the end, `-- --profile FOLDER` writes CPU
 * profiles of the Node programs, `-- --steady callbus,bareAri` measures only these, only at the steady rate.
 */
import { parseArgs } from 'node:util'
import { needs } from '../test/support/needs.ts'
import { runBench, runSteady } from './bench.ts'
import { subjects } from './numbers.ts'
import { quickLook, wholeBench } from './plan.ts'
import { toSteadyTable, toTable } from './report.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
    steady: { type: 'string' },
  },
})
const missing = needs.sipp()
if (missing) throw new Error(missing)

const plan = values.quick ? quickLook : wholeBench
const options = { tell: (line: string) => console.error(line), profile: values.profile }

if (values.steady === undefined) {
  const report = await runBench(plan, options)
  console.log(`\n${toTable(report)}`)
  if (values.json) console.log(JSON.stringify(report))
} else {
  const wanted = values.steady.split(',')
  const steady = await runSteady(
    plan,
    subjects.filter((name) => wanted.includes(name)),
    options,
  )
  console.log(`\n${toSteadyTable(steady)}`)
}
