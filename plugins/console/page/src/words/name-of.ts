import type { Names } from './catalogue.ts'

/** The word for a name, or the name itself when we have none. */
export function nameOf(names: Names, name: string): string {
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name
}
