import { type Language, languages, oneOf, type Static, Type } from '../schema.ts'

const perLanguage = (about: string) =>
  Type.Optional(
    Type.Partial(
      Type.Object(
        Object.fromEntries(languages.map((language) => [language, Type.String()])) as Record<
          Language,
          ReturnType<typeof Type.String>
        >,
      ),
      { additionalProperties: false, description: about },
    ),
  )

export const VoiceSettings = Type.Object(
  {
    engines: Type.Array(oneOf(['espeak-ng', 'openai', 'silent']), {
      description:
        'Who speaks, in the order they are tried. `silent` makes quiet files and is for demonstrations.',
      default: ['espeak-ng'],
      minItems: 1,
    }),
    timeout: Type.Number({
      description: 'Seconds an engine may take for one sentence.',
      default: 6,
      minimum: 0.1,
      maximum: 120,
    }),
    simultaneous: Type.Integer({
      description: 'Sentences rendered at the same time.',
      default: 4,
      minimum: 1,
      maximum: 64,
    }),
    keepDays: Type.Integer({
      description: 'Days a rendered sentence is kept after it was last spoken.',
      default: 90,
      minimum: 1,
    }),
    espeak: Type.Object(
      {
        command: Type.String({ description: 'The program.', default: 'espeak-ng' }),
        speed: Type.Integer({ description: 'Words per minute.', default: 145, minimum: 80, maximum: 400 }),
        pitch: Type.Integer({ description: 'From low to high.', default: 45, minimum: 0, maximum: 99 }),
        voices: perLanguage('Other voices than its own of each language, for example `en: en-gb-scotland`.'),
      },
      { additionalProperties: false, default: {} },
    ),
    openai: Type.Object(
      {
        baseUrl: Type.String({
          description: 'Address of an OpenAI-style speech service, up to and with its `/v1`.',
          default: 'http://127.0.0.1:8000/v1',
        }),
        keyVariable: Type.String({
          description: 'Environment variable that holds the key. Services in the house often need none.',
          default: 'OPENAI_API_KEY',
        }),
        keyFile: Type.Optional(
          Type.String({
            description: 'File that holds the key, seen from the folder of the site; wins over the variable.',
          }),
        ),
        model: Type.String({ description: 'Model, as the service names it.', default: 'tts-1' }),
        voice: Type.String({ description: 'Voice, as the service names it.', default: 'alloy' }),
        voices: perLanguage('Other voices for some languages.'),
        speed: Type.Number({ description: '1 is the natural speed.', default: 1, minimum: 0.25, maximum: 4 }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false, default: {}, description: 'Who speaks to callers, and how.' },
)
export type VoiceSettings = Static<typeof VoiceSettings>
