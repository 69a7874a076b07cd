import type { Telling } from '#core/messages/messages.ts'
import { type Language, languages } from '#core/schema.ts'
import type { ComplaintRow, Trip } from './tables.ts'

interface LetterWords {
  subject: string
  lost: string
  phone: string
  withheld: string
  line: string
  at: string
  seconds: string
  order: string
  driver: string
  car: string
  dispatcher: string
  transcript: string
  because: string
}

const letters: Record<Language, LetterWords> = {
  ru: {
    subject: 'Жалоба',
    lost: 'Клиент оставил жалобу, но запись не сохранилась. Перезвоните ему.',
    phone: 'Телефон',
    withheld: 'скрыт',
    line: 'Линия',
    at: 'Когда',
    seconds: 'Секунд',
    order: 'Заказ',
    driver: 'Водитель',
    car: 'Машина',
    dispatcher: 'Диспетчер',
    transcript: 'Расшифровка',
    because: 'вы отвечаете за жалобы',
  },
  uk: {
    subject: 'Скарга',
    lost: 'Клієнт залишив скаргу, але запис не зберігся. Зателефонуйте йому.',
    phone: 'Телефон',
    withheld: 'прихований',
    line: 'Лінія',
    at: 'Коли',
    seconds: 'Секунд',
    order: 'Замовлення',
    driver: 'Водій',
    car: 'Машина',
    dispatcher: 'Диспетчер',
    transcript: 'Розшифровка',
    because: 'ви відповідаєте за скарги',
  },
  pl: {
    subject: 'Skarga',
    lost: 'Klient zostawił skargę, ale nagranie się nie zachowało. Proszę do niego oddzwonić.',
    phone: 'Telefon',
    withheld: 'zastrzeżony',
    line: 'Linia',
    at: 'Kiedy',
    seconds: 'Sekund',
    order: 'Zamówienie',
    driver: 'Kierowca',
    car: 'Samochód',
    dispatcher: 'Dyspozytor',
    transcript: 'Transkrypcja',
    because: 'odpowiadasz za skargi',
  },
  en: {
    subject: 'Complaint',
    lost: 'A client left a complaint, but its recording is lost. Please call him.',
    phone: 'Phone',
    withheld: 'withheld',
    line: 'Line',
    at: 'When',
    seconds: 'Seconds',
    order: 'Order',
    driver: 'Driver',
    car: 'Car',
    dispatcher: 'Dispatcher',
    transcript: 'Transcript',
    because: 'you answer for complaints',
  },
}

/** What those responsible are told, with the recording. */
export function toLetter(
  complaint: ComplaintRow,
  trip: Trip | undefined,
  site: { language: string; timeZone: string },
  sound: string | undefined,
): Telling {
  const words = letters[languages.find((each) => each === site.language) ?? 'en']
  const at = new Intl.DateTimeFormat('en-GB', {
    timeZone: site.timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(complaint.at)
  const rows = [
    [words.phone, complaint.phone ?? words.withheld],
    [words.line, complaint.line],
    [words.at, at],
    [words.seconds, complaint.seconds === null ? null : Math.round(complaint.seconds)],
    [words.order, complaint.order_id],
    [words.driver, trip?.driver],
    [words.car, trip?.car],
    [words.dispatcher, trip?.dispatcher],
    [words.transcript, complaint.transcript],
  ].flatMap(([name, value]) => (value === null || value === undefined ? [] : [`${name}: ${value}`]))
  const about = complaint.order_id === null ? '' : `, ${words.order.toLowerCase()} ${complaint.order_id}`
  return {
    id: complaint.id,
    to: 'responsible',
    about: 'complaints',
    subject: `${words.subject} ${at}${about}`,
    text: [...(sound === undefined ? [words.lost] : []), ...rows].join('\n'),
    because: words.because,
    ...(sound !== undefined && {
      attachment: { file: sound, name: `${complaint.id}.wav`, type: 'audio/wav' },
    }),
  }
}
