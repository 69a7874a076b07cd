import type { CarrierTable } from './carrier-table.ts'

/** Which network of Russia a mobile number was given to. Numbers are portable since 2013. */
export const russia: CarrierTable = {
  country: '7',
  source:
    'Codes that were given to one federal carrier as a whole, from general knowledge of the Russian plan',
  readOn: '2026-11-22',
  notVerified:
    'Not compared with the register of the Russian regulator, and no published table was at hand. Codes that regional carriers share, such as 900, 904, 950 to 959, 977 and 999, are left out: add what you need to `prefixes`.',
  prefixes: {
    mts: '910 911 912 913 914 915 916 917 918 919',
    megafon: '920 921 922 923 924 925 926 927 928 929',
    beeline: '903 905 906 909 960 961 962 963 964 965 966 967 968',
  },
}
