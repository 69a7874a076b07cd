/** Free loopback ports, for servers that cannot be told to take any. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

export interface PortBlock {
  /** The n-th port of the block, counted from 0. */
  port(index: number): number
  readonly size: number
  release(): void
}

/** Below the range from which the kernel hands out ports by itself. */
const lowest = 10_000
const cellSize = 250
const cells = 90

/**
 * A block of neighbouring ports that no other test process will choose. The claim of each cell is a listener
 * on its first port, so it ends with the process at the latest; a block of several cells therefore has a few
 * ports that only UDP can use, never among its first 200.
 */
export async function claimPorts(size = cellSize): Promise<PortBlock> {
  const width = Math.ceil((size + 1) / cellSize)
  const first = Math.floor(Math.random() * cells)
  for (let turn = 0; turn < cells; turn++) {
    const cell = (first + turn) % cells
    if (cell + width > cells) continue
    const claims = await claimCells(cell, width)
    if (claims) return blockFrom(lowest + cell * cellSize + 1, width * cellSize - 1, claims)
  }
  throw new Error('Every block of test ports is taken')
}

/** One TCP port that is free now, of those that neither the kernel nor a block hands out. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 5_000 + Math.floor(Math.random() * (lowest - 5_000))
    const server = await listen(port)
    if (!server) continue
    server.close()
    await once(server, 'close')
    return port
  }
  throw new Error('No free port on loopback')
}

function blockFrom(base: number, size: number, claims: Server[]): PortBlock {
  return {
    size,
    port(index) {
      if (index < 0 || index >= size) throw new RangeError(`No port ${index} in a block of ${size}`)
      return base + index
    },
    release() {
      for (const claim of claims) claim.close()
    },
  }
}

async function claimCells(cell: number, width: number): Promise<Server[] | undefined> {
  const claims: Server[] = []
  for (let step = 0; step < width; step++) {
    const claim = await listen(lowest + (cell + step) * cellSize)
    if (!claim) {
      for (const made of claims) made.close()
      return undefined
    }
    claims.push(claim)
  }
  return claims
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer()
  const listening = once(server, 'listening')
  server.listen({ port, host: '127.0.0.1', exclusive: true })
  try {
    await listening
  } catch {
    return undefined
  }
  return server.unref()
}
