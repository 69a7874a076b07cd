/** The site's directory of order states, kept in memory: no caller waits for it. */
import { CallbusError } from '#core/errors.ts'
import type { Stage, StateOfOrders } from '#core/ports/dispatch.ts'
import { granted } from './answers.ts'
import type { ListedState } from './common-api/site.ts'
import type { CommonApi } from './common-api.ts'
import type { Settings } from './settings.ts'
import { type StageRules, type StateDetails, toStage } from './stages.ts'

export interface StateDirectory {
  /** Reads it anew from Taxi-Master. */
  refresh(signal: AbortSignal): Promise<void>
  /** Reads it unless that was done before. */
  ready(signal: AbortSignal): Promise<void>
  list(signal: AbortSignal): Promise<StateOfOrders[]>
  /** The state to move an order to for a stage, if the site has one. */
  stateFor(stage: Stage, signal: AbortSignal): Promise<number | undefined>
  /** The state to move a cancelled order to. */
  cancelState(signal: AbortSignal): Promise<number>
  stageOf(stateId: number, details?: StateDetails): Stage
  /** The id where the name is not known yet. */
  nameOf(stateId: number): string
}

export function openStateDirectory(commonApi: CommonApi, settings: Settings): StateDirectory {
  let known: ReadonlyMap<number, ListedState> | undefined
  const rules: StageRules = { overrides: settings.stages, cancelState: settings.cancelState }

  async function refresh(signal: AbortSignal) {
    const { order_states } = granted('get_order_states_list', await commonApi.orderStates(signal))
    known = new Map(order_states.map((state) => [state.id, state]))
    rules.cancelState =
      settings.cancelState ?? order_states.find(({ state_type }) => state_type === 'aborted')?.id
  }

  async function ready(signal: AbortSignal) {
    if (!known) await refresh(signal)
  }

  const stageOf: StateDirectory['stageOf'] = (id, details) =>
    toStage({ id, type: known?.get(id)?.state_type, ...details }, rules)

  return {
    refresh,
    ready,
    stageOf,

    async list(signal) {
      await ready(signal)
      signal.throwIfAborted()
      return [...(known?.values() ?? [])].map(({ id, name }) => ({
        id: String(id),
        name,
        stage: stageOf(id),
      }))
    },

    async stateFor(stage, signal) {
      const own = settings.statesToSet[stage]
      if (own !== undefined) return own
      await ready(signal)
      const ids = [...(known?.keys() ?? [])].sort((one, other) => one - other)
      return ids.find((id) => stageOf(id) === stage)
    },

    async cancelState(signal) {
      if (rules.cancelState === undefined) await refresh(signal)
      if (rules.cancelState !== undefined) return rules.cancelState
      throw new CallbusError('DISPATCH_CANNOT', { request: 'cancel orders: its list has no aborted state' })
    },

    nameOf: (stateId) => known?.get(stateId)?.name ?? String(stateId),
  }
}
