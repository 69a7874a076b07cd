/** Digest authentication as SIP uses it: the answer to a 401 or 407. */
import { createHash, randomBytes } from 'node:crypto'
import { headerOf, methodOf, parameterOf, type SipMessage, statusOf } from './sip-message.ts'
import { newBranch } from './sip-transport.ts'

export interface Account {
  user: string
  password: string
}

export function isChallenge(response: SipMessage): boolean {
  return statusOf(response) === 401 || statusOf(response) === 407
}

/** The same request once more, in a transaction of its own, with the answer to the challenge. */
export function withCredentials(request: SipMessage, response: SipMessage, account: Account): SipMessage {
  const isProxy = statusOf(response) === 407
  const challenge = headerOf(response, isProxy ? 'proxy-authenticate' : 'www-authenticate')
  const [sequence, method] = headerOf(request, 'cseq').split(' ')
  const headers = request.headers.map(([name, value]): [string, string] => {
    if (name === 'Via') return [name, value.replace(/branch=[^;]*/, `branch=${newBranch()}`)]
    if (name === 'CSeq') return [name, `${Number(sequence) + 1} ${method}`]
    return [name, value]
  })
  const answer = answerTo(challenge, request, account)
  return { ...request, headers: [...headers, [isProxy ? 'Proxy-Authorization' : 'Authorization', answer]] }
}

function answerTo(challenge: string, request: SipMessage, { password, user }: Account): string {
  const realm = /realm="([^"]*)"/i.exec(challenge)?.[1] ?? ''
  const nonce = /nonce="([^"]*)"/i.exec(challenge)?.[1] ?? ''
  const opaque = parameterOf(challenge, 'opaque')
  const uri = request.start.split(' ')[1] ?? ''
  const cnonce = randomBytes(8).toString('hex')
  const secret = md5(`${user}:${realm}:${password}`)
  const asked = md5(`${methodOf(request)}:${uri}`)
  const response = md5(`${secret}:${nonce}:00000001:${cnonce}:auth:${asked}`)
  return [
    `Digest username="${user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    `cnonce="${cnonce}"`,
    'nc=00000001',
    'qop=auth',
    'algorithm=MD5',
    ...(opaque ? [`opaque="${opaque}"`] : []),
  ].join(', ')
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
