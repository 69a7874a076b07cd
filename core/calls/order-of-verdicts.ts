import type { Plugin } from '../plugin.ts'

/** As listed, but that whoever has to come before others does. */
export function inOrderOfVerdicts(plugins: readonly Pick<Plugin, 'name' | 'before'>[]): string[] {
  const order: string[] = []
  for (const { name, before = [] } of plugins) {
    const first = order.findIndex((each) => before.includes(each))
    order.splice(first === -1 ? order.length : first, 0, name)
  }
  return order
}
