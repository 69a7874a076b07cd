/** Who lives in the simulated company. Phones are stored the national way: `0670000001`. */

export interface Client {
  id: number
  name: string
  phone: string
  /** 2 private, 3 corporate. */
  phoneType: 2 | 3
  category: Category
  groupId: number
  isLocked: boolean
  balance: number
  login: string
  address?: string
  password: string
  tariffId: number
  discountId: number
  employees: readonly { id: number; phone: string }[]
}

export interface Driver {
  id: number
  name: string
  phone: string
  balance: number
  /** Five digits, for terminals. */
  termAccount: string
  priority: number
  car: { id: number; colour: string; make: string; plate: string }
  isLocked: boolean
}

/** As PHONE_SYSTEM_CATEGORY counts them. */
export const categories = { normal: 0, black: 1, white: 2, grey: 3 } as const
export type Category = keyof typeof categories

export interface OrderState {
  id: number
  name: string
  type: 'accepted' | 'in_work' | 'finished' | 'aborted'
  kind: 'new_order' | 'driver_assigned' | 'car_at_place' | 'client_inside' | 'finished' | 'aborted'
}

/** The factory's ids, and three of the site's own (24, 51, 68). */
export const orderStates: readonly OrderState[] = [
  { id: 1, name: 'Принят', type: 'accepted', kind: 'new_order' },
  { id: 3, name: 'В очереди водителя', type: 'accepted', kind: 'new_order' },
  { id: 4, name: 'Выполнен', type: 'finished', kind: 'finished' },
  { id: 5, name: 'Прекращён', type: 'aborted', kind: 'aborted' },
  { id: 6, name: 'Нет машин', type: 'aborted', kind: 'aborted' },
  { id: 7, name: 'Водитель принял', type: 'in_work', kind: 'driver_assigned' },
  { id: 9, name: 'Водитель отказался', type: 'in_work', kind: 'new_order' },
  { id: 10, name: 'Машина на месте', type: 'in_work', kind: 'car_at_place' },
  { id: 11, name: 'Клиент в машине', type: 'in_work', kind: 'client_inside' },
  { id: 12, name: 'Клиент не вышел', type: 'in_work', kind: 'car_at_place' },
  { id: 13, name: 'Отправлен водителю', type: 'in_work', kind: 'driver_assigned' },
  { id: 14, name: 'Получен водителем', type: 'in_work', kind: 'driver_assigned' },
  { id: 24, name: 'Отзвонились', type: 'in_work', kind: 'driver_assigned' },
  { id: 51, name: 'Водитель опаздывает', type: 'in_work', kind: 'driver_assigned' },
  { id: 68, name: 'Отказ: машин нет', type: 'aborted', kind: 'aborted' },
]

const two = (number: number) => String(number).padStart(2, '0')

/** The fifth has a discount, the sixth a tariff and no password. The last are special: 31–34 VIP, 35–37 black, 38 locked, 39 grey, 40 corporate. */
export const clients: readonly Client[] = Array.from({ length: 40 }, (_, index) => {
  const number = index + 1
  return {
    id: 1000 + number,
    name: `Клиент ${number}`,
    phone: `06700000${two(number)}`,
    phoneType: number === 40 ? 3 : 2,
    category: categoryOf(number),
    groupId: number === 40 ? 2 : 1,
    isLocked: number === 38,
    balance: number * 10,
    login: number === 6 ? '' : `client${number}`,
    // The corporate client is always picked up at its office.
    ...(number === 40 && { address: 'Соборная, 1' }),
    password: `24${two(number)}`,
    tariffId: number === 6 ? 2 : 0,
    discountId: number === 5 ? 3 : 0,
    employees: number === 40 ? [{ id: 9001, phone: '0670000041' }] : [],
  }
})

function categoryOf(number: number): Category {
  if (number >= 31 && number <= 34) return 'white'
  if (number >= 35 && number <= 37) return 'black'
  return number === 39 ? 'grey' : 'normal'
}

const colours = ['белый', 'чёрный', 'серый', 'красный', 'синий', 'жёлтый']
const makes = ['Skoda Octavia', 'Toyota Camry', 'Renault Logan', 'Hyundai Accent', 'Daewoo Lanos']

export const drivers: readonly Driver[] = Array.from({ length: 20 }, (_, index) => {
  const number = index + 1
  return {
    id: 500 + number,
    name: `Водитель ${number}`,
    phone: `05000000${two(number)}`,
    balance: 500 - number * 50,
    termAccount: `731${two(number)}`,
    priority: number % 5,
    car: {
      id: 700 + number,
      colour: colours[index % colours.length] ?? '',
      make: makes[index % makes.length] ?? '',
      plate: `AA${1000 + number * 37}BE`,
    },
    isLocked: number === 20,
  }
})

export const streets = [
  'Соборная',
  'Садовая',
  'Киевская',
  'Набережная',
  'Вокзальная',
  'Мира',
  'Лесная',
  'Школьная',
]
