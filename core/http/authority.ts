/** Host and port as they stand in an address; a host of IPv6 stands in brackets. */
export function toAuthority(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
