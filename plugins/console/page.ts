import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'

const built = join(import.meta.dirname, 'dist')
const year = 365 * 24 * 60 * 60

/** The built page at `/`. Files under `assets/` carry a hash in their names, so browsers may keep them. */
export function page(): FastifyPluginAsync {
  if (!existsSync(join(built, 'index.html')))
    throw new Error('the page is not built; run `npm ci && npm prune --omit=dev`')

  return async (http) => {
    await http.register(fastifyStatic, {
      root: built,
      cacheControl: false,
      decorateReply: false,
      wildcard: false,
      setHeaders(reply, path) {
        const isHashed = path.startsWith(join(built, 'assets') + sep)
        reply.header('cache-control', isHashed ? `public, max-age=${year}, immutable` : 'no-cache')
      },
    })
  }
}
