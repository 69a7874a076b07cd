import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { type Content, readXml } from './xml.ts'

/** Maps as plain objects, as the whole reader of XML gives them. */
function toPlain(content: Content): unknown {
  if (typeof content === 'string') return content
  return Object.fromEntries([...content].map(([name, inner]) => [name, toPlain(inner)]))
}

function read(document: string): unknown {
  const root = readXml(document)
  return root && { [root.name]: toPlain(root.content) }
}

const whole = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true })

describe('the reader of flat XML', () => {
  test('reads an answer of TM TAPI', () => {
    const text =
      '<?xml version="1.0" encoding="UTF-8"?>\r\n<response><code>0</code><descr>OK</descr><data>\n <A>1</A> <B/><C></C></data></response>\n'
    assert.deepEqual(read(text), { response: { code: '0', descr: 'OK', data: { A: '1', B: '', C: '' } } })
  })

  test('passes over attributes, comments and a byte order mark', () => {
    assert.deepEqual(read('\uFEFF<!-- a <b> --><r a="1>2" b=\'/\'><x y="z" />t<!-- c --></r>'), {
      r: { x: '' },
    })
  })

  test('takes text as it is meant', () => {
    const text = '<r> &lt;a&gt; &amp;amp; &quot;&apos; &#1040;&#x411; &unknown; <![CDATA[<b>&amp;]]> </r>'
    assert.deepEqual(read(text), { r: '<a> &amp; "\' АБ &unknown; <b>&amp;' })
  })

  for (const [what, text] of Object.entries({
    nothing: '',
    'plain words': 'Bad Gateway',
    'half an answer': '<response><code>0</code><data><PHONE_TYPE>2</PHONE_TY',
    'an element that is never closed': '<r><a></r>',
    'elements closed in a wrong order': '<r><a><b></a></b></r>',
    'two roots': '<a/><b/>',
    'words behind the root': '<a/>b',
    'a document type': '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
    'a nest without end': '<a>'.repeat(100_000),
  })) {
    test(`refuses ${what}`, () => assert.equal(readXml(text), undefined))
  }

  test('reads what a whole reader of XML reads', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/)
    const text = fc
      .string({ unit: 'grapheme' })
      .map((words) => words.replace(/[\p{Cc}\s]+/gu, ' ').trim())
      .filter((words) => !words.includes('\uFEFF'))
    const element = (inside: string) => (each: string) => `<${each}>${inside}</${each}>`
    const escaped = (words: string) =>
      words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const flat = fc
      .uniqueArray(fc.tuple(name, text), { selector: ([each]) => each, minLength: 1 })
      .map((all) => all.map(([each, words]) => element(escaped(words))(each)).join('\n'))
    fc.assert(
      fc.property(flat, (inside) => {
        const document = element(element(inside)('data'))('response')
        assert.deepEqual(read(document), whole.parse(document, true))
      }),
    )
  })

  test('any text is read or refused, never a crash', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '<a>',
      '</a>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&#',
      ';',
      '"',
      ' ',
    )
    fc.assert(fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => void readXml(pieces.join(''))))
  })
})
