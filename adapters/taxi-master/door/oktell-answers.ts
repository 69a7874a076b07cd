/** How Oktell's web server answers. */

export interface OktellAnswer {
  status: number
  type: string
  text: string
}

const xml = 'text/xml; charset=utf-8'
const plain = 'text/plain; charset=utf-8'

/** `broken`: it was understood, and we cannot do it now. */
export type Start = 'started' | 'refused' | 'broken'

/** `awaited` when the asker wants the script's value, as `async=0` says. */
export function scriptAnswer(start: Start, awaited: boolean): OktellAnswer {
  const isStarted = start === 'started'
  const state = isStarted ? 'success' : 'fail'
  const properties = [
    property('started', isStarted ? '1' : '0', state),
    property('startresult', isStarted ? '0' : '1', state),
    ...(awaited && isStarted ? [property('returnvalue', '1', '1')] : []),
  ].join('')
  return {
    status: statusOf(start),
    type: xml,
    text: `<?xml version="1.0" encoding="utf-8"?><oktellxmlmapper version="80710"><data name="result" count="1"><property_set name="execsvcscript">${properties}</property_set></data></oktellxmlmapper>`,
  }
}

/** The value alone. */
export function plainAnswer(start: Start): OktellAnswer {
  return { status: statusOf(start), type: plain, text: start === 'started' ? '1' : '0' }
}

/** Who looks at the status alone must see it too that nothing will be done. */
function statusOf(start: Start): number {
  return start === 'broken' ? 503 : 200
}

export const forbidden: OktellAnswer = { status: 403, type: plain, text: 'Forbidden' }
export const notFound: OktellAnswer = { status: 404, type: plain, text: 'Not found' }
export const tooLarge: OktellAnswer = { status: 413, type: plain, text: 'Too large' }
export const wrongVerb: OktellAnswer = { status: 405, type: plain, text: 'Method not allowed' }
export const accepted: OktellAnswer = { status: 200, type: plain, text: 'OK' }
export const unreadable: OktellAnswer = { status: 400, type: plain, text: 'No order was named' }

function property(key: string, value: string, name: string): string {
  return `<property_simple key="${key}" value="${value}" name="${name}"/>`
}
