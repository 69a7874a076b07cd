/**
 * Every code and every sentence. A sentence says what failed, what still works and what to do.
 * `docs/errors.md` explains each code; a test fails when it forgets one.
 */
const catalogue = {
  SETTINGS_INVALID:
    'The settings are not valid: {mistakes}. Nothing was started. Correct them and run `callbus check`.',
  SETTINGS_UNREADABLE:
    'The settings file {file} cannot be read: {reason}. Nothing was started. Check its path and its YAML.',
  PORT_TAKEN: 'Port {port} on {host} is held by {holder}. Nothing was started. Stop it or set another port.',
  PLUGIN_START_FAILED:
    'Plugin {plugin} did not start: {reason}. The rest of the house is open. See the log for its cause.',
  PLUGIN_UNKNOWN:
    'There is no plugin named {plugin}. The rest of the house is open. Correct `plugins` in the settings.',
  ADAPTER_UNKNOWN:
    'There is no adapter named {adapter}. Nothing was started. Correct `adapters` in the settings.',
  SCREEN_FAILED: 'Plugin {plugin} could not judge the call: {reason}. The call went on without its verdict.',
  SCREEN_LATE: 'Plugin {plugin} gave no verdict within {milliseconds} ms. The call went on without it.',
  CONVERSATION_FAILED: 'The conversation of {plugin} broke: {reason}. The caller was led to a person.',
  PLACE_NOT_OFFERED:
    '`{setting}` names the place `{place}`, which nobody offers{hint}. Whoever is sent there goes to the fallback of his line. Correct the setting.',
  PLACE_UNKNOWN: 'There is no place named {place} to send a caller to. The caller was led to the fallback.',
  EXCHANGE_UNREACHABLE:
    'The exchange cannot be reached: {reason}. Calls go to the island until it is back; we keep trying.',
  EXCHANGE_REFUSED: 'The exchange refused {request}: {status} {reason}. The call goes on another way.',
  EXCHANGE_LATE:
    'The exchange did not answer {request} within {milliseconds} ms. The call goes on another way.',
  DISPATCH_UNREACHABLE:
    'The dispatch program cannot be reached: {reason}. Callers are led to operators; we keep trying.',
  DISPATCH_REFUSED:
    'The dispatch program refused {request}: code {status} {reason}. Nothing was changed there.',
  DISPATCH_LATE:
    'The dispatch program did not answer {request} within {milliseconds} ms. The call goes on without it.',
  DISPATCH_NONSENSE:
    'The dispatch program answered {request} with something we cannot read: {reason}. The call goes on without it.',
  DISPATCH_CANNOT: 'This dispatch program cannot {request}. The caller was led to an operator.',
  SPEECH_UNREACHABLE:
    'The speech service cannot be reached: {reason}. The recording is kept and goes on without its text; we keep trying.',
  SPEECH_LATE:
    'The speech service did not answer {request} within {milliseconds} ms. The recording is kept and goes on without its text.',
  SPEECH_REFUSED:
    'The speech service refused a recording: {status} {reason}. The recording is kept and goes on without its text.',
  SPEECH_NONSENSE:
    'The speech service answered with something that is no text: {reason}. The recording is kept and goes on without it.',
  SPEECH_NOT_ASKED:
    'The speech service was not asked: {reason}. The recording is kept and goes on without its text.',
  VOICE_UNAVAILABLE:
    'The sentence {saying} could not be spoken: {reason}. The caller was led to a person. Check the voice settings.',
  DATABASE_UNAVAILABLE:
    'The database cannot be used: {reason}. Calls go on; facts are kept in memory until it is back.',
  DATABASE_MIGRATION_FAILED:
    'Migration {migration} of {owner} failed: {reason}. Nothing was changed by it. Restore or repair the database.',
  BROKER_UNREACHABLE:
    'The MQTT broker cannot be reached: {reason}. Calls are not affected; facts are sent when it is back.',
  REQUEST_INVALID: 'The request is not valid: {mistakes}. Nothing was changed. Correct it and send it again.',
  REQUEST_TOO_LARGE: 'The request is larger than {limit} bytes. Nothing was changed. Send it in parts.',
  NOT_FOUND: 'There is no {what}. Nothing was changed. Check the address or the id.',
  NOT_SIGNED_IN: 'Nobody is signed in. Nothing was shown. Sign in, or send a token.',
  SIGN_IN_REFUSED:
    'The name or the password is wrong, or the link was used. Nobody was signed in. Try again or ask an administrator.',
  RIGHT_MISSING: 'The right {right} is missing. Nothing was shown or changed. Ask an administrator for it.',
  ORIGIN_REFUSED:
    'A page of {origin} asked in the name of somebody signed in here. Nothing was changed. Use the pages of this house.',
  TOO_MANY_REQUESTS: 'Too many requests came from you. Nothing was changed. Try again in {seconds} s.',
  MESSAGE_REFUSED:
    'A message was refused by {way}: {reason}. It is not sent. Check the address and the settings of {way}.',
  MESSAGE_UNSENT:
    'A message could not be sent by {way}: {reason}. It is kept and tried again. Look whether {way} can be reached.',
  JOIN_REFUSED:
    'Client and driver of order {order} are not joined: {because}. Nobody is rung. Ring them from an operator’s phone.',
  TALK_REFUSED:
    'That cannot be done in call {call}: {because}. Nothing was changed. Look at how the talk stands now.',
  KEY_REUSED:
    'The key {key} stands for another request. Nothing was changed. Send a new request under a new key.',
  CONFLICT: '{what} already exists. Nothing was changed. Change the existing one.',
  IMPORT_INVALID: 'The file has mistakes: {mistakes}. No row was imported. Correct them and send it again.',
  COMMAND_INVALID: 'The command is not valid: {mistakes}. Nothing was done. Correct it and send it again.',
  COMMAND_FAILED:
    'The command broke: {reason}. Calls go on. Look at what it was about before sending it again.',
  INTERNAL: 'Something of ours broke. Calls go on. The log has the cause under this request id.',
} as const

export type ErrorCode = keyof typeof catalogue

const statuses: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  COMMAND_INVALID: 400,
  IMPORT_INVALID: 422,
  REQUEST_TOO_LARGE: 413,
  NOT_FOUND: 404,
  NOT_SIGNED_IN: 401,
  SIGN_IN_REFUSED: 401,
  RIGHT_MISSING: 403,
  ORIGIN_REFUSED: 403,
  TOO_MANY_REQUESTS: 429,
  JOIN_REFUSED: 409,
  TALK_REFUSED: 409,
  KEY_REUSED: 422,
  CONFLICT: 409,
  DATABASE_UNAVAILABLE: 503,
  DISPATCH_UNREACHABLE: 502,
  DISPATCH_REFUSED: 502,
  DISPATCH_NONSENSE: 502,
  DISPATCH_LATE: 504,
  SPEECH_UNREACHABLE: 502,
  SPEECH_REFUSED: 502,
  SPEECH_NONSENSE: 502,
  SPEECH_LATE: 504,
  EXCHANGE_UNREACHABLE: 502,
  EXCHANGE_REFUSED: 502,
  EXCHANGE_LATE: 504,
}

/** An error with a stable code and a sentence for people. */
export class CallbusError extends Error {
  override readonly name = 'CallbusError'
  readonly code: ErrorCode
  readonly statusCode: number

  constructor(code: ErrorCode, facts: Record<string, string | number> = {}, options?: { cause?: unknown }) {
    super(sentence(code, facts), options)
    this.code = code
    this.statusCode = statuses[code] ?? 500
  }
}

/** The caller hung up: the verb being awaited rejects with this, scopes unwind, the runner calls it normal. */
export class CallEnded extends Error {
  override readonly name = 'CallEnded'
  constructor(because = 'the caller hung up') {
    // Every call ends with one: writing down the stack each time would cost more than all who read it.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(because)
    Error.stackTraceLimit = stackTraceLimit
  }
}

export const errorCodes = Object.keys(catalogue) as ErrorCode[]

/** The sentence of a code with its blanks filled; `sentence(code, {})` keeps them in braces for the docs. */
export function sentence(code: ErrorCode, facts: Record<string, string | number>): string {
  return catalogue[code].replace(/\{(\w+)\}/g, (blank, name: string) => String(facts[name] ?? blank))
}

const silences: readonly string[] = [
  'DISPATCH_UNREACHABLE',
  'DISPATCH_LATE',
  'EXCHANGE_UNREACHABLE',
  'EXCHANGE_LATE',
]

/** A neighbour did not answer: it may have done what was asked, or may do it soon. */
export function isSilence(thrown: unknown): boolean {
  return thrown instanceof CallbusError && silences.includes(thrown.code)
}

/** A short reason from anything thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
