/** Where a car is sent, and how a place is looked up. */

export interface Coordinates {
  latitude: number
  longitude: number
}

export interface Place {
  /** As people say it: street and house, or the name of a place. */
  address: string
  at?: Coordinates
}

/** Where somebody is picked up as a rule. */
export interface Pickups {
  /** The address written on his card. */
  home?: Place
  /** Of his latest orders that came to their end, each address once, the latest first. */
  past: (Place & { orders: number })[]
}

/** A place as the dispatch program knows it. */
export interface KnownPlace extends Place {
  kind: 'street' | 'house' | 'point'
  city?: string
  comment?: string
}
