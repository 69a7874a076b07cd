/** Written by `generate-types.ts` from Asterisk's own API description; do not edit. */

interface EventBase {
  application: string
  timestamp: string
  asterisk_id?: string
}

export interface MissingParams {
  params: string[]
}

export interface ContactInfo {
  uri: string
  contact_status: 'Unreachable' | 'Reachable' | 'Unknown' | 'NonQualified' | 'Removed'
  aor: string
  roundtrip_usec?: string
}

export interface Peer {
  peer_status: string
  cause?: string
  address?: string
  port?: string
  time?: string
}

export interface DeviceStateChanged extends EventBase {
  type: 'DeviceStateChanged'
  device_state: DeviceState
}

export interface PlaybackStarted extends EventBase {
  type: 'PlaybackStarted'
  playback: Playback
}

export interface PlaybackContinuing extends EventBase {
  type: 'PlaybackContinuing'
  playback: Playback
}

export interface PlaybackFinished extends EventBase {
  type: 'PlaybackFinished'
  playback: Playback
}

export interface RecordingStarted extends EventBase {
  type: 'RecordingStarted'
  recording: LiveRecording
}

export interface RecordingFinished extends EventBase {
  type: 'RecordingFinished'
  recording: LiveRecording
}

export interface RecordingFailed extends EventBase {
  type: 'RecordingFailed'
  recording: LiveRecording
}

export interface ApplicationMoveFailed extends EventBase {
  type: 'ApplicationMoveFailed'
  channel: Channel
  destination: string
  args: string[]
}

export interface ApplicationRegistered extends EventBase {
  type: 'ApplicationRegistered'
}

export interface ApplicationUnregistered extends EventBase {
  type: 'ApplicationUnregistered'
}

export interface ApplicationReplaced extends EventBase {
  type: 'ApplicationReplaced'
}

export interface BridgeCreated extends EventBase {
  type: 'BridgeCreated'
  bridge: Bridge
}

export interface BridgeDestroyed extends EventBase {
  type: 'BridgeDestroyed'
  bridge: Bridge
}

export interface BridgeMerged extends EventBase {
  type: 'BridgeMerged'
  bridge: Bridge
  bridge_from: Bridge
}

export interface BridgeVideoSourceChanged extends EventBase {
  type: 'BridgeVideoSourceChanged'
  bridge: Bridge
  old_video_source_id?: string
}

export interface BridgeBlindTransfer extends EventBase {
  type: 'BridgeBlindTransfer'
  channel: Channel
  replace_channel?: Channel
  transferee?: Channel
  exten: string
  context: string
  result: string
  is_external: boolean
  bridge?: Bridge
}

export interface BridgeAttendedTransfer extends EventBase {
  type: 'BridgeAttendedTransfer'
  transferer_first_leg: Channel
  transferer_second_leg: Channel
  replace_channel?: Channel
  transferee?: Channel
  transfer_target?: Channel
  result: string
  is_external: boolean
  transferer_first_leg_bridge?: Bridge
  transferer_second_leg_bridge?: Bridge
  destination_type: string
  destination_bridge?: string
  destination_application?: string
  destination_link_first_leg?: Channel
  destination_link_second_leg?: Channel
  destination_threeway_channel?: Channel
  destination_threeway_bridge?: Bridge
}

export interface ChannelCreated extends EventBase {
  type: 'ChannelCreated'
  channel: Channel
}

export interface ChannelDestroyed extends EventBase {
  type: 'ChannelDestroyed'
  cause: number
  cause_txt: string
  tech_cause?: number
  channel: Channel
}

export interface ChannelEnteredBridge extends EventBase {
  type: 'ChannelEnteredBridge'
  bridge: Bridge
  channel?: Channel
}

export interface ChannelLeftBridge extends EventBase {
  type: 'ChannelLeftBridge'
  bridge: Bridge
  channel: Channel
}

export interface ChannelStateChange extends EventBase {
  type: 'ChannelStateChange'
  channel: Channel
}

export interface ChannelDtmfReceived extends EventBase {
  type: 'ChannelDtmfReceived'
  digit: string
  duration_ms: number
  channel: Channel
}

export interface ChannelDialplan extends EventBase {
  type: 'ChannelDialplan'
  channel: Channel
  dialplan_app: string
  dialplan_app_data: string
}

export interface ChannelCallerId extends EventBase {
  type: 'ChannelCallerId'
  caller_presentation: number
  caller_presentation_txt: string
  channel: Channel
}

export interface ChannelUserevent extends EventBase {
  type: 'ChannelUserevent'
  eventname: string
  channel?: Channel
  bridge?: Bridge
  endpoint?: Endpoint
  userevent: unknown
}

export interface ChannelHangupRequest extends EventBase {
  type: 'ChannelHangupRequest'
  cause?: number
  tech_cause?: number
  soft?: boolean
  channel: Channel
}

export interface ChannelVarset extends EventBase {
  type: 'ChannelVarset'
  variable: string
  value: string
  channel?: Channel
}

export interface ChannelHold extends EventBase {
  type: 'ChannelHold'
  channel: Channel
  musicclass?: string
}

export interface ChannelUnhold extends EventBase {
  type: 'ChannelUnhold'
  channel: Channel
}

export interface ChannelToneDetected extends EventBase {
  type: 'ChannelToneDetected'
  channel: Channel
}

export interface ChannelTalkingStarted extends EventBase {
  type: 'ChannelTalkingStarted'
  channel: Channel
}

export interface ChannelTalkingFinished extends EventBase {
  type: 'ChannelTalkingFinished'
  channel: Channel
  duration: number
}

export interface ContactStatusChange extends EventBase {
  type: 'ContactStatusChange'
  endpoint: Endpoint
  contact_info: ContactInfo
}

export interface PeerStatusChange extends EventBase {
  type: 'PeerStatusChange'
  endpoint: Endpoint
  peer: Peer
}

export interface EndpointStateChange extends EventBase {
  type: 'EndpointStateChange'
  endpoint: Endpoint
}

export interface Dial extends EventBase {
  type: 'Dial'
  caller?: Channel
  peer: Channel
  forward?: string
  forwarded?: Channel
  dialstring?: string
  dialstatus: string
}

export interface StasisEnd extends EventBase {
  type: 'StasisEnd'
  channel: Channel
}

export interface StasisStart extends EventBase {
  type: 'StasisStart'
  args: string[]
  channel: Channel
  replace_channel?: Channel
}

export interface TextMessageReceived extends EventBase {
  type: 'TextMessageReceived'
  message: TextMessage
  endpoint?: Endpoint
}

export interface ChannelConnectedLine extends EventBase {
  type: 'ChannelConnectedLine'
  channel: Channel
}

export interface ChannelTransfer extends EventBase {
  type: 'ChannelTransfer'
  state?: string
  refer_to: ReferTo
  referred_by: ReferredBy
}

export interface ReferTo {
  requested_destination: RequiredDestination
  destination_channel?: Channel
  connected_channel?: Channel
  bridge?: Bridge
}

export interface ReferredBy {
  source_channel: Channel
  connected_channel?: Channel
  bridge?: Bridge
}

export interface RequiredDestination {
  protocol_id?: string
  destination?: string
  additional_protocol_params?: AdditionalParam[]
}

export interface AdditionalParam {
  parameter_name: string
  parameter_value: string
}

export interface RESTHeader {
  name: string
  value: string
}

export interface RESTQueryStringParameter {
  name: string
  value: string
}

export interface RESTRequest {
  type: string
  transaction_id: string
  request_id: string
  method: string
  uri: string
  content_type?: string
  query_strings?: RESTQueryStringParameter[]
  message_body?: string
}

export interface RESTResponse extends EventBase {
  type: 'RESTResponse'
  transaction_id: string
  request_id: string
  status_code: number
  reason_phrase: string
  uri: string
  content_type?: string
  message_body?: string
}

export interface CallBroadcast extends EventBase {
  type: 'CallBroadcast'
  channel: Channel
  caller?: string
  called?: string
}

export interface CallClaimed extends EventBase {
  type: 'CallClaimed'
  channel: Channel
  winner_app: string
}

export interface DialplanCEP {
  context: string
  exten: string
  priority: number
  app_name: string
  app_data: string
}

export interface CallerID {
  name: string
  number: string
}

export interface RTPstat {
  txcount: number
  rxcount: number
  txjitter?: number
  rxjitter?: number
  remote_maxjitter?: number
  remote_minjitter?: number
  remote_normdevjitter?: number
  remote_stdevjitter?: number
  local_maxjitter?: number
  local_minjitter?: number
  local_normdevjitter?: number
  local_stdevjitter?: number
  txploss: number
  rxploss: number
  remote_maxrxploss?: number
  remote_minrxploss?: number
  remote_normdevrxploss?: number
  remote_stdevrxploss?: number
  local_maxrxploss?: number
  local_minrxploss?: number
  local_normdevrxploss?: number
  local_stdevrxploss?: number
  rtt?: number
  maxrtt?: number
  minrtt?: number
  normdevrtt?: number
  stdevrtt?: number
  local_ssrc: number
  remote_ssrc: number
  txoctetcount: number
  rxoctetcount: number
  channel_uniqueid: string
}

export interface Channel {
  id: string
  protocol_id: string
  name: string
  state:
    | 'Down'
    | 'Rsrved'
    | 'OffHook'
    | 'Dialing'
    | 'Ring'
    | 'Ringing'
    | 'Up'
    | 'Busy'
    | 'Dialing Offhook'
    | 'Pre-ring'
    | 'Unknown'
  caller: CallerID
  connected: CallerID
  accountcode: string
  dialplan: DialplanCEP
  creationtime: string
  language: string
  channelvars?: unknown
  caller_rdnis?: string
  tenantid?: string
}

export interface Bridge {
  id: string
  technology: string
  bridge_type: 'mixing' | 'holding'
  bridge_class: string
  creator: string
  name: string
  channels: string[]
  video_mode?: string
  video_source_id?: string
  creationtime: string
  bridgevars?: unknown
}

export interface Playback {
  id: string
  media_uri: string
  next_media_uri?: string
  target_uri: string
  language?: string
  state: 'queued' | 'playing' | 'continuing' | 'done' | 'failed'
}

export interface StoredRecording {
  name: string
  format: string
}

export interface LiveRecording {
  name: string
  format: string
  target_uri: string
  state: 'queued' | 'recording' | 'paused' | 'done' | 'failed' | 'canceled'
  duration?: number
  talking_duration?: number
  silence_duration?: number
  cause?: string
}

export interface Endpoint {
  technology: string
  resource: string
  state?: 'unknown' | 'offline' | 'online'
  channel_ids: string[]
}

export interface TextMessage {
  from: string
  to: string
  body: string
  variables?: unknown
}

export interface DeviceState {
  name: string
  state:
    | 'UNKNOWN'
    | 'NOT_INUSE'
    | 'INUSE'
    | 'BUSY'
    | 'INVALID'
    | 'UNAVAILABLE'
    | 'RINGING'
    | 'RINGINUSE'
    | 'ONHOLD'
}

export interface BuildInfo {
  os: string
  kernel: string
  options: string
  machine: string
  date: string
  user: string
}

export interface SystemInfo {
  version: string
  entity_id: string
}

export interface SetId {
  user: string
  group: string
}

export interface ConfigInfo {
  name: string
  default_language: string
  max_channels?: number
  max_open_files?: number
  max_load?: number
  setid: SetId
}

export interface StatusInfo {
  startup_time: string
  last_reload_time: string
}

export interface AsteriskInfo {
  build?: BuildInfo
  system?: SystemInfo
  config?: ConfigInfo
  status?: StatusInfo
}

export interface AsteriskPing {
  asterisk_id: string
  ping: string
  timestamp: string
}

export interface Module {
  name: string
  description: string
  use_count: number
  status: string
  support_level: string
}

export interface LogChannel {
  channel: string
  type: string
  status: string
  configuration: string
}

export interface Variable {
  value: string
}

export interface Variables {
  variables: unknown
}

export interface ConfigTuple {
  attribute: string
  value: string
}

export type AriEvent =
  | DeviceStateChanged
  | PlaybackStarted
  | PlaybackContinuing
  | PlaybackFinished
  | RecordingStarted
  | RecordingFinished
  | RecordingFailed
  | ApplicationMoveFailed
  | ApplicationRegistered
  | ApplicationUnregistered
  | ApplicationReplaced
  | BridgeCreated
  | BridgeDestroyed
  | BridgeMerged
  | BridgeBlindTransfer
  | BridgeAttendedTransfer
  | BridgeVideoSourceChanged
  | ChannelCreated
  | ChannelDestroyed
  | ChannelEnteredBridge
  | ChannelLeftBridge
  | ChannelStateChange
  | ChannelDtmfReceived
  | ChannelDialplan
  | ChannelCallerId
  | ChannelUserevent
  | ChannelHangupRequest
  | ChannelVarset
  | ChannelToneDetected
  | ChannelTalkingStarted
  | ChannelTalkingFinished
  | ChannelHold
  | ChannelUnhold
  | ContactStatusChange
  | EndpointStateChange
  | Dial
  | StasisEnd
  | StasisStart
  | TextMessageReceived
  | ChannelConnectedLine
  | PeerStatusChange
  | ChannelTransfer
  | RESTResponse
  | CallBroadcast
  | CallClaimed
