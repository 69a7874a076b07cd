/** After `npm ci`: builds the page of the console, where there is something to build it with. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

if (existsSync(join(root, 'node_modules/vite'))) {
  const { status } = spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' })
  process.exitCode = status ?? 1
} else if (existsSync(join(root, 'plugins/console/dist/index.html'))) {
  console.log('The page of the console stays as it was built: Vite, which builds it, is not installed.')
} else {
  console.warn(
    'The page of the console is not built: Vite, which builds it, is not installed. Calls are served without it. ' +
      'To have it run `npm ci && npm prune --omit=dev`.',
  )
}
