import type { Asker } from '#core/asking/asker.ts'
import type { Request } from '#core/asking/line.ts'
import { openCommonApi } from '../common-api.ts'
import { noting } from '../simulator/golden.ts'

/** What must go over the wire, byte for byte. Signatures were computed apart. */
export type Vectors = Record<string, { ask: (asker: Asker) => Promise<unknown>; request: Request }>

export const key = 'test-key'
export const json = { 'Content-Type': 'application/json' }
export const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
export const signal = new AbortController().signal
export const period = { start_time: '20260101000000', finish_time: '20260201000000' }
/** Methods a vector has asked for so far. */
export const asked = new Set<string>()
export const common = (asker: Asker) => noting(openCommonApi(asker, { key }), asked)
