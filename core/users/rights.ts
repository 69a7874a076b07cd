/** What one may do here, and which role may do it. */

export const rights = [
  'calls.read',
  'calls.join',
  'talks.control',
  'talks.supervise',
  'phones.read',
  'clients.call',
  'recordings.listen',
  'quality.read',
  'quality.edit',
  'balances.read',
  'lists.read',
  'lists.edit',
  'queues.read',
  'queues.edit',
  'operators.move',
  'tariffs.read',
  'tariffs.edit',
  'operators.move-any',
  'facts.read',
  'commands.send',
  'dispatch.tell',
  'metrics.read',
  'settings.read',
  'tokens.edit',
  'users.edit',
] as const
export type Right = (typeof rights)[number]

export const roles = ['operator', 'supervisor', 'administrator', 'integrator'] as const
export type Role = (typeof roles)[number]

export const rightsOf: Record<Role, readonly Right[]> = {
  operator: [
    'calls.read',
    'calls.join',
    'talks.control',
    'phones.read',
    'clients.call',
    'lists.read',
    'queues.read',
    'operators.move',
    'tariffs.read',
    'facts.read',
  ],
  supervisor: [
    'calls.read',
    'calls.join',
    'talks.control',
    'talks.supervise',
    'phones.read',
    'clients.call',
    'recordings.listen',
    'quality.read',
    'quality.edit',
    'balances.read',
    'lists.read',
    'lists.edit',
    'queues.read',
    'queues.edit',
    'operators.move',
    'tariffs.read',
    'tariffs.edit',
    'operators.move-any',
    'facts.read',
    'commands.send',
    'metrics.read',
  ],
  administrator: rights,
  integrator: [
    'calls.read',
    'calls.join',
    'phones.read',
    'clients.call',
    'quality.read',
    'lists.read',
    'lists.edit',
    'queues.read',
    'operators.move',
    'tariffs.read',
    'operators.move-any',
    'facts.read',
    'commands.send',
    'dispatch.tell',
    'metrics.read',
    'tokens.edit',
  ],
}

export function isRole(word: string): word is Role {
  return (roles as readonly string[]).includes(word)
}

export function isRight(word: string): word is Right {
  return (rights as readonly string[]).includes(word)
}
