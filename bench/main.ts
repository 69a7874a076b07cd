/**
 * `npm run bench`: one Asterisk, four subjects in turns. `-- --quick` takes a minute or two and shows only
 * that everything works, `-- --json` adds one line of JSON at the end, `-- --profile FOLDER` writes CPU
 * profiles of the Node programs.
 */
import { parseArgs } from 'node:util'
import { needs } from '../test/support/needs.ts'
import { runBench } from './bench.ts'
import { quickLook, wholeBench } from './plan.ts'
import { toTable } from './report.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
const missing = needs.sipp()
if (missing) throw new Error(missing)

const report = await runBench(values.quick ? quickLook : wholeBench, {
  tell: (line) => console.error(line),
  profile: values.profile,
})
console.log(`\n${toTable(report)}`)
if (values.json) console.log(JSON.stringify(report))
