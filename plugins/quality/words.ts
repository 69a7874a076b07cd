import { defineWords } from '#core/plugin.ts'

export const words = defineWords('quality', {
  complain: {
    ru: 'Здравствуйте. Расскажите, пожалуйста, что произошло: ваши слова записываются. Закончив, нажмите решётку или положите трубку. Связаться с оператором — ноль.',
    uk: 'Вітаємо. Розкажіть, будь ласка, що сталося: вас буде записано. Закінчивши, натисніть решітку або покладіть слухавку. З’єднатися з оператором — нуль.',
    pl: 'Dzień dobry. Proszę powiedzieć, co się stało: wypowiedź zostanie nagrana. Po zakończeniu proszę nacisnąć krzyżyk albo się rozłączyć. Aby połączyć się z konsultantem, proszę nacisnąć zero.',
    en: 'Hello. Please tell us what happened: your words are recorded. When you have finished, press hash or hang up. For an operator, press zero.',
  },
  speak: {
    ru: 'Говорите.',
    uk: 'Говоріть.',
    pl: 'Proszę mówić.',
    en: 'Please speak now.',
  },
  goOn: {
    ru: 'Связь прервалась. Пожалуйста, продолжайте.',
    uk: 'Зв’язок перервався. Будь ласка, продовжуйте.',
    pl: 'Połączenie zostało przerwane. Proszę mówić dalej.',
    en: 'We were interrupted. Please go on.',
  },
  complaintTaken: {
    ru: 'Спасибо. Вас выслушает ответственный сотрудник.',
    uk: 'Дякуємо. Вас вислухає відповідальний працівник.',
    pl: 'Dziękujemy. Nagranie przekażemy osobie odpowiedzialnej.',
    en: 'Thank you. A responsible person will listen to it.',
  },
  cannotRecord: {
    ru: 'Сейчас записать вас не получается. Соединяю вас с оператором.',
    uk: 'Зараз записати вас не вдається. З’єдную вас з оператором.',
    pl: 'W tej chwili nie możemy nagrać wypowiedzi. Łączę z konsultantem.',
    en: 'We cannot record you just now. I am putting you through to an operator.',
  },
  connectingToOperator: {
    ru: 'Соединяю вас с оператором.',
    uk: 'З’єдную вас з оператором.',
    pl: 'Łączę z konsultantem.',
    en: 'I am putting you through to an operator.',
  },
  greeting: {
    ru: 'Здравствуйте, это служба такси. Вы недавно ездили с нами.',
    uk: 'Вітаємо, це служба таксі. Ви нещодавно їздили з нами.',
    pl: 'Dzień dobry, tu taksówki. Dziękujemy za niedawny przejazd.',
    en: 'Hello, this is your taxi company. You have travelled with us lately.',
  },
  rateDriver: {
    ru: 'Оцените, пожалуйста, водителя: нажмите клавишу от одного до пяти, где пять — отлично.',
    uk: 'Оцініть, будь ласка, водія: натисніть клавішу від одного до п’яти, де п’ять — відмінно.',
    pl: 'Proszę ocenić kierowcę: klawisz od jednego do pięciu, gdzie pięć to ocena najlepsza.',
    en: 'Please rate the driver: press a key from one to five, five being the best.',
  },
  rateDispatcher: {
    ru: 'Оцените, пожалуйста, работу диспетчера: нажмите клавишу от одного до пяти.',
    uk: 'Оцініть, будь ласка, роботу диспетчера: натисніть клавішу від одного до п’яти.',
    pl: 'Proszę ocenić pracę dyspozytora: klawisz od jednego do pięciu.',
    en: 'Please rate the dispatcher: press a key from one to five.',
  },
  rateTalk: {
    ru: 'Оцените, пожалуйста, этот разговор: нажмите клавишу от одного до пяти, где пять — отлично.',
    uk: 'Оцініть, будь ласка, цю розмову: натисніть клавішу від одного до п’яти, де п’ять — відмінно.',
    pl: 'Proszę ocenić tę rozmowę: klawisz od jednego do pięciu, gdzie pięć to ocena najlepsza.',
    en: 'Please rate this conversation: press a key from one to five, five being the best.',
  },
  thanks: {
    ru: 'Спасибо за оценку. Всего доброго.',
    uk: 'Дякуємо за оцінку. На все добре.',
    pl: 'Dziękujemy za ocenę. Do usłyszenia.',
    en: 'Thank you for your answer. Goodbye.',
  },
})
