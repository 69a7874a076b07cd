/** What SIPp's telephones do, as it wants to be told: XML. Its `[words]` are filled in per message. */

const description = `v=0
o=load 1 1 IN IP4 [local_ip]
s=call
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 0
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000`

function request(method: string, cseq: number, body = '') {
  return `<![CDATA[
${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:load@[local_ip]:[local_port]>
Max-Forwards: 70
${body ? 'Content-Type: application/sdp\n' : ''}Content-Length: [len]

${body}
]]>`
}

function answer(status: string, body = '') {
  return `<![CDATA[
SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:]${body || status.startsWith('180') ? ';tag=[pid]-[call_number]' : ''}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:load@[local_ip]:[local_port]>
${body ? 'Content-Type: application/sdp\n' : ''}Content-Length: [len]

${body}
]]>`
}

function scenario(name: string, ...steps: string[]) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="${name}">\n${steps.join('\n')}\n</scenario>\n`
}

const theyHangUp = ['<recv request="BYE" timeout="600000"/>', `<send>${answer('200 OK')}</send>`]

/** Rings, measures until the answer, then talks for `hold` milliseconds or until the exchange hangs up. */
export function callerScenario(hold: number | 'until they hang up'): string {
  const weHangUp = [
    `<pause milliseconds="${hold}"/>`,
    `<send retrans="500">${request('BYE', 2)}</send>`,
    '<recv response="200" timeout="10000"/>',
  ]
  return scenario(
    'callers',
    `<send retrans="500" start_rtd="answer">${request('INVITE', 1, description)}</send>`,
    '<recv response="100" optional="true"/>',
    '<recv response="180" optional="true"/>',
    '<recv response="183" optional="true"/>',
    '<recv response="200" rtd="answer" timeout="30000"/>',
    `<send>${request('ACK', 1)}</send>`,
    ...(hold === 'until they hang up' ? theyHangUp : weHangUp),
  )
}

/** Rings for a while, answers, and talks until the exchange hangs up. */
export function operatorScenario(answerAfter: number): string {
  return scenario(
    'operators',
    '<recv request="INVITE"/>',
    `<send>${answer('180 Ringing')}</send>`,
    `<pause milliseconds="${answerAfter}"/>`,
    `<send retrans="500">${answer('200 OK', description)}</send>`,
    '<recv request="ACK" timeout="10000"/>',
    ...theyHangUp,
  )
}
