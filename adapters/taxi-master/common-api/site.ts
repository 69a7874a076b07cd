/** What belongs to the whole site: its directories, its attributes, its SMS and its screens. */
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Ask, AttributeValue, anything, Id } from './shapes.ts'

const OrderStates = Type.Object({
  order_states: Type.Array(Type.Object({ id: Id, name: Type.String(), state_type: Type.String() })),
})
export type ListedState = Static<typeof OrderStates>['order_states'][number]

const orderStates = Compile(OrderStates)
const attributes = Compile(Type.Object({ global_attributes: Type.Array(AttributeValue) }))

export interface MessageFields {
  text: string
  type?: 'information' | 'warning' | 'error' | undefined
  header?: string | undefined
  /** Seconds; 0 stays. */
  timeout?: number | undefined
  users?: readonly number[] | undefined
  order_id?: number | undefined
  client_id?: number | undefined
  driver_id?: number | undefined
  crew_id?: number | undefined
  car_id?: number | undefined
}

export function siteMethods(ask: Ask) {
  return {
    /** Answered without a signature; tells only that somebody is there. */
    ping: (signal: AbortSignal) => ask('ping', { query: {} }, anything, signal),

    orderStates: (signal: AbortSignal) => ask('get_order_states_list', { query: {} }, orderStates, signal),

    globalAttributes: (signal: AbortSignal) =>
      ask('get_global_attributes', { query: {} }, attributes, signal),

    updateGlobalAttribute: (attribute: object, signal: AbortSignal) =>
      ask('update_global_attribute', { json: attribute, isRepeatable: true }, anything, signal),

    /** Starts an event of the type “by request of CommonAPI” with parameters of any names. */
    runEvent: (code: string, parameters: Readonly<Record<string, unknown>>, signal: AbortSignal) =>
      ask(
        'run_system_event',
        { json: { system_event_code: code, ...parameters, wait_for_completion: true } },
        anything,
        signal,
      ),

    sendSms: (phone: string, message: string, signal: AbortSignal) =>
      ask('send_sms', { form: { phone, message } }, anything, signal),

    showMessage: (message: MessageFields, signal: AbortSignal) =>
      ask('show_tm_message', { json: message }, anything, signal),
  }
}
