import { defineWords } from '#core/plugin.ts'

export const words = defineWords('weather-tariffs', {
  rain: {
    ru: 'Из-за сильного дождя поездка сейчас стоит дороже обычного.',
    uk: 'Через сильний дощ поїздка зараз коштує дорожче, ніж зазвичай.',
    pl: 'Z powodu ulewy przejazd kosztuje teraz więcej niż zwykle.',
    en: 'Because of heavy rain a ride costs more than usual at the moment.',
  },
  snow: {
    ru: 'Из-за снегопада поездка сейчас стоит дороже обычного.',
    uk: 'Через снігопад поїздка зараз коштує дорожче, ніж зазвичай.',
    pl: 'Z powodu opadów śniegu przejazd kosztuje teraz więcej niż zwykle.',
    en: 'Because of snow a ride costs more than usual at the moment.',
  },
  ice: {
    ru: 'Из-за гололёда поездка сейчас стоит дороже обычного.',
    uk: 'Через ожеледицю поїздка зараз коштує дорожче, ніж зазвичай.',
    pl: 'Z powodu gołoledzi przejazd kosztuje teraz więcej niż zwykle.',
    en: 'Because of ice on the roads a ride costs more than usual at the moment.',
  },
  frost: {
    ru: 'Из-за сильного мороза поездка сейчас стоит дороже обычного.',
    uk: 'Через сильний мороз поїздка зараз коштує дорожче, ніж зазвичай.',
    pl: 'Z powodu silnego mrozu przejazd kosztuje teraz więcej niż zwykle.',
    en: 'Because of hard frost a ride costs more than usual at the moment.',
  },
  heat: {
    ru: 'Из-за сильной жары поездка сейчас стоит дороже обычного.',
    uk: 'Через сильну спеку поїздка зараз коштує дорожче, ніж зазвичай.',
    pl: 'Z powodu upału przejazd kosztuje teraz więcej niż zwykle.',
    en: 'Because of the heat a ride costs more than usual at the moment.',
  },
  wind: {
    ru: 'Из-за сильного ветра поездка сейчас стоит дороже обычного.',
    uk: 'Через сильний вітер поїздка зараз коштує дорожче, ніж зазвичай.',
    pl: 'Z powodu silnego wiatru przejazd kosztuje teraz więcej niż zwykle.',
    en: 'Because of strong wind a ride costs more than usual at the moment.',
  },
  storm: {
    ru: 'Из-за штормовой погоды поездка сейчас стоит дороже обычного.',
    uk: 'Через штормову погоду поїздка зараз коштує дорожче, ніж зазвичай.',
    pl: 'Z powodu burzy przejazd kosztuje teraz więcej niż zwykle.',
    en: 'Because of the storm a ride costs more than usual at the moment.',
  },
  dearer: {
    ru: 'Сейчас поездка стоит дороже обычного.',
    uk: 'Зараз поїздка коштує дорожче, ніж зазвичай.',
    pl: 'Przejazd kosztuje teraz więcej niż zwykle.',
    en: 'A ride costs more than usual at the moment.',
  },
})
