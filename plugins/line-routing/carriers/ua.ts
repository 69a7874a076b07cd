import type { CarrierTable } from './carrier-table.ts'

/** Which network of Ukraine a mobile number was given to. Numbers are portable since 2019. */
export const ukraine: CarrierTable = {
  country: '380',
  source:
    'National numbering plan of Ukraine as sent to ITU-T (T02020000DB0004PDFE), as gathered in the carrier metadata of libphonenumber, resources/carrier/en/380.txt',
  readOn: '2026-11-22',
  notVerified:
    'Not compared with the register of the Ukrainian regulator (NCEC) itself. Codes opened since, such as 75 and 77, are left out: add them to `prefixes`.',
  prefixes: {
    kyivstar: '67 68 96 97 98',
    vodafone: '50 66 95 99',
    lifecell: '63 73 93',
    trimob: '91',
    peoplenet: '92',
    intertelecom: '94',
  },
}
