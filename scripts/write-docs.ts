/** `npm run docs` */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pages } from './pages.ts'

for (const [file, text] of Object.entries(await pages())) {
  await writeFile(join(import.meta.dirname, '..', file), text)
  console.log(`written: ${file}`)
}
