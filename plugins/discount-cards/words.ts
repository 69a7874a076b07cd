import { defineWords } from '#core/plugin.ts'

export const words = defineWords('discount-cards', {
  number: {
    ru: 'Наберите номер вашей дисконтной карты и нажмите решётку. Если карты нет, нажмите только решётку.',
    uk: 'Наберіть номер вашої дисконтної картки й натисніть решітку. Якщо картки немає, натисніть лише решітку.',
    pl: 'Proszę wybrać numer karty rabatowej i nacisnąć krzyżyk. Bez karty proszę nacisnąć sam krzyżyk.',
    en: 'Please dial the number of your discount card, then the hash key. If you have no card, press just the hash key.',
  },
  password: {
    ru: 'Теперь наберите пароль и нажмите решётку.',
    uk: 'Тепер наберіть пароль і натисніть решітку.',
    pl: 'Teraz proszę wybrać hasło i nacisnąć krzyżyk.',
    en: 'Now dial your password, then the hash key.',
  },
  accepted: {
    ru: 'Спасибо, карта принята.',
    uk: 'Дякуємо, картку прийнято.',
    pl: 'Dziękujemy, karta została przyjęta.',
    en: 'Thank you, your card is accepted.',
  },
  noDiscount: {
    ru: 'Карта найдена, но скидки по ней сейчас нет.',
    uk: 'Картку знайдено, але знижки за нею зараз немає.',
    pl: 'Karta jest ważna, ale obecnie nie daje rabatu.',
    en: 'Your card is known, but it carries no discount at the moment.',
  },
  wrong: {
    ru: 'Такой карты нет. Попробуйте ещё раз.',
    uk: 'Такої картки немає. Спробуйте ще раз.',
    pl: 'Nie ma takiej karty. Proszę spróbować jeszcze raz.',
    en: 'There is no such card. Please try once more.',
  },
  wrongPassword: {
    ru: 'Пароль не подошёл. Попробуйте ещё раз.',
    uk: 'Пароль не підійшов. Спробуйте ще раз.',
    pl: 'Hasło jest nieprawidłowe. Proszę spróbować jeszcze raz.',
    en: 'That password is not right. Please try once more.',
  },
  notFound: {
    ru: 'Карту проверить не удалось. Соединяю вас с оператором, пока без скидки.',
    uk: 'Картку перевірити не вдалося. З’єдную вас з оператором, поки що без знижки.',
    pl: 'Nie udało się sprawdzić karty. Łączę z konsultantem, na razie bez rabatu.',
    en: 'I could not confirm your card. I am putting you through to an operator, without the discount for now.',
  },
  tooManyTries: {
    ru: 'Слишком много неверных попыток. Соединяю вас с оператором, без скидки.',
    uk: 'Забагато невдалих спроб. З’єдную вас з оператором, без знижки.',
    pl: 'Zbyt wiele nieudanych prób. Łączę z konsultantem, bez rabatu.',
    en: 'There have been too many failed attempts. I am putting you through to an operator, without the discount.',
  },
  locked: {
    ru: 'Эта карта заблокирована. Соединяю вас с оператором.',
    uk: 'Цю картку заблоковано. З’єдную вас з оператором.',
    pl: 'Ta karta jest zablokowana. Łączę z konsultantem.',
    en: 'This card is locked. I am putting you through to an operator.',
  },
  cannotCheck: {
    ru: 'Сейчас я не могу проверить карту. Соединяю вас с оператором, назовите ему её номер.',
    uk: 'Зараз я не можу перевірити картку. З’єдную вас з оператором, назвіть йому її номер.',
    pl: 'W tej chwili nie mogę sprawdzić karty. Łączę z konsultantem, proszę podać mu jej numer.',
    en: 'I cannot check cards at the moment. I am putting you through to an operator, please tell him its number.',
  },
})
