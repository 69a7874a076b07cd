/** A request as it came through the door, read forgivingly: query, form or JSON, names in any case of letters. */

export interface Letter {
  /** Lower case, without the slash. */
  page: string
  /** Names in lower case; what came twice is what came first. */
  fields: ReadonlyMap<string, string>
}

const mostFields = 200
const longestValue = 1000

export function toLetter(url: string, contentType: string, body: string): Letter {
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  const fields = new Map<string, string>()
  const put = (name: string, value: string) => {
    const known = name.toLowerCase()
    if (fields.size < mostFields && !fields.has(known)) fields.set(known, value.trim().slice(0, longestValue))
  }
  if (at >= 0) for (const [name, value] of new URLSearchParams(url.slice(at + 1))) put(name, value)
  for (const [name, value] of membersOf(body, contentType)) put(name, value)
  return { page: path.replace(/^[^/]*\/+|\/+$/g, '').toLowerCase(), fields }
}

function membersOf(body: string, contentType: string): Iterable<[string, string]> {
  const text = body.trim()
  if (!text) return []
  const looksLikeJson = text.startsWith('{') || /\bjson\b/i.test(contentType)
  return (looksLikeJson ? fromJson(text) : undefined) ?? new URLSearchParams(text)
}

function fromJson(text: string): [string, string][] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.entries(value).flatMap(([name, each]): [string, string][] =>
      typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean'
        ? [[name, String(each)]]
        : [],
    )
  } catch {
    return undefined
  }
}
