/**
 * What recognisers write when nobody says anything: remarks in brackets, and the closing lines of films they
 * learned from, or the prompt they were given. Only a text that is nothing else counts; a caller may well say thanks.
 */
const lines = [
  'продолжение следует',
  'спасибо за просмотр',
  'субтитры сделал dimatorzok',
  'субтитры создавал dimatorzok',
  'субтитры подогнал симон',
  'редактор субтитров',
  'корректор субтитров',
  'подписывайтесь на канал',
  'далі буде',
  'дякую за перегляд',
  'дякуємо за перегляд',
  'субтитри зробив',
  'ciąg dalszy nastąpi',
  'dziękuję za oglądanie',
  'dziękuję za uwagę',
  'dzięki za oglądanie',
  'napisy stworzone przez społeczność amaraorg',
  'thanks for watching',
  'thank you for watching',
  'please subscribe',
  'subtitles by the amaraorg community',
]

export function isNothingSaid(text: string, prompt = ''): boolean {
  const words = wordsOf(text)
  return words === '' || lines.includes(words) || words === wordsOf(prompt)
}

function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/\[[^\]]*\]|\([^)]*\)|\*[^*]*\*/g, '')
    .replace(/[^\p{L}\p{N}\s]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
}
