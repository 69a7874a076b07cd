import { chooseTheme, isTheme, theme, themes } from '../theme.ts'
import { catalogues, chooseLanguage, language, languages, words } from '../words/words.ts'

export function Preferences() {
  const say = words()
  return (
    <div class="preferences">
      <select
        aria-label={say.language}
        value={language.value}
        onChange={({ currentTarget }) => chooseLanguage(currentTarget.value)}
      >
        {languages.map((name) => (
          <option key={name} value={name} lang={name}>
            {catalogues[name].ownName}
          </option>
        ))}
      </select>
      <select
        aria-label={say.theme}
        value={theme.value}
        onChange={({ currentTarget: { value } }) => isTheme(value) && chooseTheme(value)}
      >
        {themes.map((name) => (
          <option key={name} value={name}>
            {say.themes[name]}
          </option>
        ))}
      </select>
    </div>
  )
}
