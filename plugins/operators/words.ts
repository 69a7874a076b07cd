import { defineWords } from '#core/plugin.ts'

export const words = defineWords('operators', {
  everyoneBusy: {
    ru: 'Все операторы сейчас заняты. Пожалуйста, подождите, вам ответит первый, кто освободится.',
    uk: 'Усі оператори зараз зайняті. Будь ласка, зачекайте, вам відповість перший, хто звільниться.',
    pl: 'Wszyscy konsultanci są teraz zajęci. Proszę czekać, zgłosi się pierwszy wolny konsultant.',
    en: 'All our operators are busy. Please wait, the first one free will answer you.',
  },
  nobodyFree: {
    ru: 'К сожалению, пока никто из операторов не освободился. Оставайтесь на линии или перезвоните немного позже.',
    uk: 'На жаль, поки що жоден оператор не звільнився. Залишайтеся на лінії або зателефонуйте трохи пізніше.',
    pl: 'Niestety, żaden konsultant nie jest jeszcze wolny. Proszę pozostać na linii lub zadzwonić nieco później.',
    en: 'We are sorry, none of our operators is free yet. Please stay on the line or call again a little later.',
  },
})
