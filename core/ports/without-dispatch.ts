import { CallbusError } from '../errors.ts'
import type { Dispatch } from './dispatch.ts'

/** Stands in where no dispatch program is configured: every question is answered with an honest code. */
export const withoutDispatch: Dispatch = {
  identify: () => cannot('say who is calling'),
  findOrder: () => cannot('find orders'),
  cancelOrder: () => cannot('cancel orders'),
  states: () => cannot('list its states'),
}

function cannot(request: string): Promise<never> {
  return Promise.reject(new CallbusError('DISPATCH_CANNOT', { request }))
}
