import type { Language } from '#core/schema.ts'

export const columns = ['phone', 'reason', 'expires', 'addedBy', 'addedAt'] as const
export type Column = (typeof columns)[number]

/** What stands above the columns of an exported file. */
export const titles: Record<Language, Record<Column, string>> = {
  en: { phone: 'Phone', reason: 'Reason', expires: 'Expires', addedBy: 'Added by', addedAt: 'Added' },
  ru: {
    phone: 'Телефон',
    reason: 'Причина',
    expires: 'Действует до',
    addedBy: 'Кто добавил',
    addedAt: 'Добавлен',
  },
  uk: { phone: 'Телефон', reason: 'Причина', expires: 'Діє до', addedBy: 'Хто додав', addedAt: 'Додано' },
  pl: { phone: 'Telefon', reason: 'Powód', expires: 'Ważny do', addedBy: 'Kto dodał', addedAt: 'Dodano' },
}

/** What else people write there, in any of the languages. */
const otherNames: Record<Column, string[]> = {
  phone: [
    ...['phone number', 'number', 'tel', 'номер', 'номер телефона', 'тел'],
    ...['номер телефону', 'numer', 'numer telefonu', 'nr telefonu'],
  ],
  reason: [
    ...['comment', 'note', 'why', 'комментарий', 'примечание', 'коментар', 'примітка'],
    ...['powod', 'przyczyna', 'komentarz', 'uwagi'],
  ],
  expires: [
    ...['expires at', 'expiry', 'until', 'valid until', 'до', 'срок', 'срок действия', 'истекает'],
    ...['термін', 'термін дії', 'дійсний до', 'do', 'termin', 'wazny do', 'ważne do', 'wygasa'],
  ],
  addedBy: ['author', 'автор', 'autor'],
  addedAt: ['added at', 'дата', 'data', 'date'],
}

const byName = new Map<string, Column>(
  columns.flatMap((column) =>
    [column, ...Object.values(titles).map((each) => each[column]), ...otherNames[column]].map(
      (name) => [toName(name), column] as const,
    ),
  ),
)

export function toColumn(title: string): Column | undefined {
  return byName.get(toName(title))
}

function toName(title: string): string {
  return title
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.:]+/g, ' ')
    .trim()
}
