/** A value that the whole company shares, such as the weather that prices follow. */
export interface Attribute {
  id: string
  value: boolean | number | string
}
