/** Which carrier numbers were given to, by their first digits; the longest prefix counts. */
export interface CarrierTable {
  /** The country's calling code. */
  country: string
  source: string
  readOn: string
  /** What nobody has checked, or what is missing. */
  notVerified: string
  /** Carrier to national prefixes, parted by spaces. */
  prefixes: Readonly<Record<string, string>>
}
