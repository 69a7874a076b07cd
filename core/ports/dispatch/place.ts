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

/** A place as the dispatch program knows it. */
export interface KnownPlace extends Place {
  kind: 'street' | 'house' | 'point'
  city?: string
  comment?: string
}
