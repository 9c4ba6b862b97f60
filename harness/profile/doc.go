// Package profile describes the app under test as data: everything that the
// harness must know of an app that it did not write.
//
// The package reads and checks profiles. It knows no phone, no scenario and no
// run setting, and it asks nobody whether the described app is installed.
//
// A profile is one YAML document. Keys are exact: an unknown or repeated key,
// a wrong type or a bad value is an error that names file, line and key. This
// is a whole one; what may be left out is marked so.
//
//	name: shop                              # how reports call the app
//	package: com.example.shop
//	launchActivity: .MainActivity           # a leading dot means the package
//	connectionService: .telecom.CallService
//	account: voip                           # PhoneAccountHandle's id
//	permissions:                            # runtime permissions to grant; optional
//	  - {name: android.permission.POST_NOTIFICATIONS, minAPI: 33}
//	  - {name: android.permission.RECORD_AUDIO}
//	fullScreenIntent: true                  # the app wants USE_FULL_SCREEN_INTENT; optional
//	deliveries:                             # at least one of the two
//	  debug:                                # the app's test receiver, guarded by DUMP
//	    action: com.example.shop.devicetest.PUSH
//	    extra: payload_b64                  # gets base64 of the payload as JSON
//	  root:                                 # the FCM SDK's own receiver, needs a root shell
//	    action: com.google.android.c2dm.intent.RECEIVE
//	signalling:                             # optional: a call by the app's own connection,
//	  action: com.example.shop.devicetest.SIGNAL # through a test receiver as debug is one
//	  extra: message_b64
//	payload: {vendor: cometchat}            # whose call payloads the app understands
//	notification:
//	  channel: incoming_calls
//	  missedChannel: missed_calls           # optional: empty if there is none
//	  ongoingChannel: ongoing_calls         # optional
//	  answerTitles: [Answer, Annehmen]      # optional, tried in order
//	  declineTitles: [Decline, Ablehnen]    # optional
//	  # endTitles: [End]                    # where there is no CallStyle (before API 31)
//	screens:
//	  incoming: .IncomingCallActivity       # optional: empty if the app has none
//	  call: .CallActivity
//	  answer: {id: answer}                  # selectors: id, desc, text; at least one
//	  decline: {desc: Decline the call}
//	  end: {text: Hang up}
//	budgets: {ring: 10s}                    # optional; what is not here, the scenario decides
//	outgoing:                               # how a test has the app call somebody; optional
//	  action: com.example.shop.devicetest.CALL
//	  callee: callee                        # string extras: whom, and the call's session
//	  session: session
//	trace:                                  # what the app itself logs, as lines of JSON; optional
//	  tag: ShopTrace
//	  delivered: onPush                     # "event" of each line, whose "elapsed" is since boot
//	  file: files/trace.jsonl               # the same lines, in the app's folder; optional
//	  declined: rejectSent                  # told the server: declined on this phone; optional,
//	  ended: endSent                        # with the call's "session"
package profile
