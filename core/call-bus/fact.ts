import { type TObject, Type } from '../schema.ts'

export interface Fact<Shape extends TObject = TObject> {
  about: string
  shape: Shape
}

export function fact<const Properties extends Parameters<typeof Type.Object>[0]>(
  about: string,
  properties: Properties,
) {
  return { about, shape: Type.Object(properties) } satisfies Fact
}

/** Who or what decided or did it: a plugin's name, `core`, or `user:<name>`. */
export const By = Type.String({ maxLength: 100 })
export const Because = Type.String({ maxLength: 500 })
