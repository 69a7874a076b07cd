/** The command was written in a way that cannot be understood; its message says how to write it. */
export class Misuse extends Error {
  override readonly name = 'Misuse'
}
