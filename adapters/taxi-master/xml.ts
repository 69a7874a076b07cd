/**
 * Reads the flat XML of TM TAPI: elements and their text. Attributes are passed over, a document type is
 * refused. Callers wait for each of these answers, and a reader of all of XML takes twenty times as long.
 */

/** The text of an element without children, or its children; of several with one name the last counts. */
export type Content = string | Map<string, Content>

const token =
  /<\?.*?\?>|<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?=]+)(?:\s(?:[^<>"'/]|"[^"<]*"|'[^'<]*')*)?(\/?)>|([^<]+)/sy
const deepest = 20

/** The root's name and what is in it; `undefined` for what is not well formed. */
export function readXml(document: string): { name: string; content: Content } | undefined {
  const text = document.startsWith('\uFEFF') ? document.slice(1) : document
  const root: Open = { name: '', text: '', children: new Map() }
  const open = [root]

  for (token.lastIndex = 0; token.lastIndex < text.length; ) {
    const found = token.exec(text)
    const inner = open.at(-1)
    if (!found || !inner) return undefined
    const [, verbatim, ended, began, isEmpty, plain] = found

    if (plain !== undefined) inner.text += unescaped(plain)
    else if (verbatim !== undefined) inner.text += verbatim
    else if (began !== undefined) {
      const element: Open = { name: began, text: '', children: undefined }
      if (isEmpty) close(element, inner)
      else if (open.push(element) > deepest) return undefined
    } else if (ended !== undefined) {
      const outer = open.at(-2)
      if (!outer || inner.name !== ended) return undefined
      close(inner, outer)
      open.pop()
    }
  }

  const [only, ...others] = root.children ?? []
  if (!only || others.length > 0 || open.length > 1 || root.text.trim() !== '') return undefined
  return { name: only[0], content: only[1] }
}

interface Open {
  name: string
  text: string
  children: Map<string, Content> | undefined
}

function close({ children, name, text }: Open, outer: Open) {
  outer.children ??= new Map()
  outer.children.set(name, children ?? text.trim())
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescaped(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:(\w+)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g, (whole, name, decimal, hex) => {
    if (name !== undefined) return named[name] ?? whole
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
