/** A client as the number on his card, of his contract or of himself names him, and how his orders are priced. */
export interface DiscountCard {
  clientId: string
  tariffId?: string
  discountId?: string
  /** Barred by the dispatch program itself. */
  isLocked?: boolean
  /** He has a password, which `checkClaim` takes with the same number. */
  hasPassword?: boolean
}
