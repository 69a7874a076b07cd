/** Which number of the exchange reaches which subject. */
export const numbers = { dialplan: '1000', ariClient: '2000', bareAri: '3000', callbus: '4000' } as const
export type Subject = keyof typeof numbers
export const subjects = Object.keys(numbers) as readonly Subject[]

/** Callbus again, with a prompt long enough for many calls to be there at once. */
export const longNumber = '4001'

/** Clients of the simulated Taxi-Master without an order, none of them on a list. */
export const callers = Array.from({ length: 30 }, (_, at) => `+38067000${String(at + 1).padStart(4, '0')}`)
