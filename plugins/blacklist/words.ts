import { defineWords } from '#core/voice/words.ts'

export const words = defineWords('blacklist', {
  turnedAway: {
    ru: 'К сожалению, мы не можем принять ваш заказ. До свидания.',
    uk: 'На жаль, ми не можемо прийняти ваше замовлення. До побачення.',
    pl: 'Niestety, nie możemy przyjąć zamówienia. Do widzenia.',
    en: 'We are sorry, we cannot take your order. Goodbye.',
  },
})
