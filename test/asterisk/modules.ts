/** What a test Asterisk loads: enough for the house, and little enough to be ready in half a second. */

/** Without these the start fails, rather than calls later. */
export const required = ['pbx_config.so', 'chan_pjsip.so', 'res_pjsip.so', 'res_ari.so']

const families = {
  res: `pjproject sorcery_config sorcery_memory sorcery_astdb timing_timerfd
    pjsip_pubsub pjsip_session pjsip_authenticator_digest pjsip_outbound_authenticator_digest
    pjsip_endpoint_identifier_ip pjsip_endpoint_identifier_user pjsip_registrar
    pjsip_outbound_registration pjsip_sdp_rtp pjsip_dtmf_info pjsip_caller_id pjsip_rfc3326
    pjsip_header_funcs pjsip_nat pjsip_refer rtp_asterisk rtp_multicast audiosocket
    http_websocket websocket_client stasis stasis_answer stasis_playback stasis_recording
    stasis_snoop stasis_device_state stasis_broadcast ari_model ari_applications ari_asterisk
    ari_bridges ari_channels ari_device_states ari_endpoints ari_events ari_playbacks
    ari_recordings ari_sounds musiconhold curl http_media_cache`,
  chan: 'rtp bridge_media audiosocket websocket',
  app: `stasis stasis_broadcast playback echo dial queue verbose userevent senddtmf mixmonitor stack`,
  bridge: 'simple softmix holding native_rtp builtin_features',
  func: `curl callerid channel timeout talkdetect hangupcause strings logic uuid global devstate`,
  codec: 'ulaw alaw gsm g722 resample',
  format: 'pcm wav gsm sln',
}

export const loaded = Object.entries(families).flatMap(([family, names]) =>
  names.split(/\s+/).map((name) => `${family}_${name}.so`),
)
