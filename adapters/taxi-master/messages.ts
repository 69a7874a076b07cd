/** What we tell Taxi-Master and its people: call-backs, cards, SMS, recordings, attributes. */
import { CallbusError } from '#core/errors.ts'
import type {
  Attribute,
  CallBackProgress,
  CallBackReport,
  Card,
  Feedback,
  RecordingLink,
} from '#core/ports/dispatch.ts'
import type { OrderId, Phone } from '#core/schema.ts'
import { codes, found, granted, refusal } from './answers.ts'
import type { CommonApi } from './common-api.ts'
import { toDayFirstTime } from './moments.ts'
import { toDispatchPhone } from './phone-rules.ts'
import { toTheirId } from './refusals.ts'
import type { Tapi } from './tapi.ts'
import { type Site, toAttribute, toAttributeValue } from './translate.ts'

const requestStates: Readonly<Record<CallBackProgress, string>> = {
  accepted: '0',
  started: '1',
  delivered: '2',
  busy: '3',
  'no-answer': '4',
  failed: '5',
}

/** Theirs, in their spelling. */
const callResults: Readonly<Record<NonNullable<RecordingLink['result']>, string>> = {
  answered: 'answered',
  'no-answer': 'no_answer',
  missed: 'missed',
  transferred: 'transfered',
  'broken-off': 'broke_off',
  'answered-elsewhere': 'other_user_answered',
}

export function openMessages({ commonApi, tapi }: { commonApi: CommonApi; tapi: Tapi }, site: Site) {
  const { phones } = site.settings

  /** Their own "no", or an error when the request is at fault. */
  function isGranted(request: string, answer: { ok: true } | { ok: false; code: number; descr: string }) {
    if (!answer.ok && answer.code < codes.firstOfMethod) throw refusal(request, answer)
    return answer.ok
  }

  async function stateOfOrder(id: OrderId, signal: AbortSignal): Promise<string> {
    const state = found('get_order_state', await commonApi.orderState(id, signal))
    return String(state?.state_id ?? 0)
  }

  return {
    async reportCallBack({ order, called, progress, stateId }: CallBackReport, signal: AbortSignal) {
      const state = {
        ORDER_ID: order,
        STATE_ID: stateId ?? (await stateOfOrder(order, signal)),
        PHONE_TYPE: called === 'client' ? '1' : '0',
        STATE: requestStates[progress],
      } as const
      granted('set_request_state', await tapi.setRequestState(state, signal))
    },

    async joinClientAndDriver(id: OrderId, signal: AbortSignal): Promise<'asked' | 'refused'> {
      const answer = await tapi.connectClientAndDriver(id, signal)
      return isGranted('connect_client_and_driver', answer) ? 'asked' : 'refused'
    },

    async sendSms(phone: Phone, text: string, signal: AbortSignal) {
      granted('send_sms', await commonApi.sendSms(toDispatchPhone(phone, phones.sms), text, signal))
    },

    async raiseCard(card: Card, signal: AbortSignal): Promise<'shown' | 'refused'> {
      const numbered = (id: string | undefined) =>
        id === undefined ? undefined : toTheirId(id, 'show_tm_message')
      const message = {
        text: card.text,
        type: card.kind,
        header: card.title,
        timeout: card.seconds ?? 0,
        users: card.users?.map((user) => toTheirId(user, 'show_tm_message')),
        order_id: numbered(card.order),
        client_id: numbered(card.clientId),
        driver_id: numbered(card.driverId),
        crew_id: numbered(card.crewId),
        car_id: numbered(card.carId),
      }
      const answer = await commonApi.showMessage(message, signal)
      return isGranted('show_tm_message', answer) ? 'shown' : 'refused'
    },

    async saveFeedback({ phone, mark, text, order }: Feedback, signal: AbortSignal) {
      const request = 'save_client_feed_back'
      const feedback = {
        phone: toDispatchPhone(phone, phones.orders),
        rating: mark,
        text,
        order_id: order === undefined ? undefined : toTheirId(order, request),
      }
      granted(request, await commonApi.saveFeedback(feedback, signal))
    },

    async attachRecording(recording: RecordingLink, signal: AbortSignal): Promise<string> {
      const { direction, startedAt, seconds, file, id, phone, user, result } = recording
      const record = {
        CALL_TYPE: direction === 'incoming' ? '1' : '0',
        RECORD_DATE: toDayFirstTime(startedAt, site.timeZone),
        RECORD_LENGTH: String(Math.round(seconds)),
        FILE_PATH: file,
        CALL_ID: id,
        PHONE: toDispatchPhone(phone, phones.tapi),
        ...(user && { USER_LOGIN: user }),
        ...(result && { CALL_RESULT: callResults[result] }),
      } as const
      return granted('create_record_link', await tapi.createRecordLink(record, signal)).RECORD_ID
    },

    async attributes(signal: AbortSignal): Promise<Attribute[]> {
      const answer = granted('get_global_attributes', await commonApi.globalAttributes(signal))
      return answer.global_attributes.map(toAttribute).filter((each) => each !== undefined)
    },

    async runEvent(code: string, data: object, signal: AbortSignal): Promise<'run' | 'refused'> {
      const answer = await commonApi.runEvent(code, { json_data: data }, signal)
      return isGranted('run_system_event', answer) ? 'run' : 'refused'
    },

    async assignDriver(order: OrderId, crewId: string, signal: AbortSignal): Promise<'assigned' | 'refused'> {
      const { assignEvent } = site.settings.newOrders
      if (assignEvent === undefined)
        throw new CallbusError('DISPATCH_CANNOT', { request: 'give an order to a driver' })
      const data = {
        order_id: toTheirId(order, 'run_system_event'),
        crew_id: toTheirId(crewId, 'run_system_event'),
      }
      const answer = await commonApi.runEvent(assignEvent, data, signal)
      return isGranted('run_system_event', answer) ? 'assigned' : 'refused'
    },

    async setAttribute(attribute: Attribute, signal: AbortSignal): Promise<'set' | 'refused'> {
      const answer = await commonApi.updateGlobalAttribute(toAttributeValue(attribute), signal)
      return isGranted('update_global_attribute', answer) ? 'set' : 'refused'
    },
  }
}
