package org.ringproof.sample.guide;

import android.content.Context;
import android.content.Intent;
import android.telecom.CallAudioState;
import android.telecom.Connection;
import android.telecom.DisconnectCause;
import android.telecom.TelecomManager;
import android.telecom.VideoProfile;
import android.util.Log;
import org.ringproof.sample.common.Backend;
import org.ringproof.sample.common.Causes;
import org.ringproof.sample.guide.devicetest.Mended;

/**
 * Step 3.2: one call.
 *
 * <p>Flaw 16: onAnswer with a video state, onReject with a reason, onSilence, onAbort,
 * onStateChanged and onCallAudioStateChanged are missing. The first lines of the overrides below
 * that the guide does not have leave them so until the flaw is mended.
 */
public class CallConnection extends Connection {

    private static final String TAG = "CallConnection";

    private final Context context;
    private final MyApplication app;
    private final CallData callData;
    private boolean answered;
    private boolean ended;

    public CallConnection(Context context, CallData callData) {
        this.context = context;
        this.app = MyApplication.of(context);
        this.callData = callData;
        setConnectionProperties(PROPERTY_SELF_MANAGED);
        setConnectionCapabilities(CAPABILITY_MUTE | CAPABILITY_SUPPORT_HOLD | CAPABILITY_HOLD);
        if (callData != null) {
            setCallerDisplayName(callData.getCallerName(), TelecomManager.PRESENTATION_ALLOWED);
            // Flaw 15: "tel:" and a user id. Ids that look like numbers match contacts.
            setAddress(PhoneAccountManager.address(context, callData), TelecomManager.PRESENTATION_ALLOWED);
        }
        setAudioModeIsVoip(true);
    }

    CallData data() {
        return callData;
    }

    private String session() {
        return callData == null ? "" : callData.getSessionId();
    }

    /**
     * Flaw 4: the guide does not have this method. It is the moment at which a self-managed app
     * shows the call; without it nothing is shown on the way that works, and nothing sounds.
     */
    @Override
    public void onShowIncomingCallUi() {
        if (!app.mended().has(Mended.NO_INCOMING_UI)) {
            return;
        }
        app.trace().event("onShowIncomingCallUi", session());
        if (callData != null && !ended) {
            CallNotificationManager.showFallbackNotification(context, callData);
        }
    }

    @Override
    public void onAnswer() {
        app.trace().event("onAnswer", session());
        answer();
    }

    @Override
    public void onAnswer(int videoState) {
        if (videoState != VideoProfile.STATE_AUDIO_ONLY && !app.mended().has(Mended.MISSING_CALLBACKS)) {
            return;
        }
        onAnswer();
    }

    /** Also called by the notification's receiver and the stand-in for the incoming screen. */
    void answer() {
        // Flaw 11: a call that is over is still in the slot, and is answered at the server.
        if (answered || ended && app.mended().has(Mended.SINGLE_SLOT)) {
            return;
        }
        answered = true;
        Log.d(TAG, "Call answered by user");
        app.registry().answered(session());
        if (app.mended().has(Mended.ACTIVE_BEFORE_JOIN)) {
            answerAndJoin();
            return;
        }
        // Flaw 9: Telecom hears "active" before the server accepted, and long before anybody is
        // joined. Joining is left to CallActivity: if Android does not let it start, the call is
        // active and silent.
        setActive();
        if (callData != null) {
            app.backend().accept(callData.getSessionId(), new Backend.Callback() {
                @Override
                public void onSuccess() {
                    launchCallActivity();
                    IncomingCallActivity.finish(app, session());
                }

                @Override
                public void onFailure(String reason) {
                    end(DisconnectCause.ERROR);
                }
            });
        }
        // Flaw 10: FOREGROUND_SERVICE_PHONE_CALL is declared and no service is started. In the
        // background the microphone is off (Android 11), and a swipe in recents ends the process.
        startService();
        CallNotificationManager.cancelNotification(context, session());
    }

    private void answerAndJoin() {
        app.backend().accept(session(), new Backend.Callback() {
            @Override
            public void onSuccess() {
                join();
            }

            @Override
            public void onFailure(String reason) {
                end(DisconnectCause.ERROR);
            }
        });
        startService();
        CallNotificationManager.cancelNotification(context, session());
        launchCallActivity();
        IncomingCallActivity.finish(app, session());
    }

    private void join() {
        app.backend().join(session(), new Backend.Callback() {
            @Override
            public void onSuccess() {
                if (!ended) {
                    app.trace().event("joined", session());
                    setActive();
                }
            }

            @Override
            public void onFailure(String reason) {
                end(DisconnectCause.ERROR);
            }
        });
    }

    private void startService() {
        if (app.mended().has(Mended.NO_FOREGROUND_SERVICE) && callData != null) {
            CallService.start(context, callData);
        }
    }

    @Override
    public void onReject() {
        app.trace().event("onReject", session());
        Log.d(TAG, "Call rejected by user");
        if (ended) {
            return;
        }
        if (callData != null) {
            app.backend().reject(callData.getSessionId(), null);
        }
        // Flaw 11: the holder keeps this connection, which is over.
        end(DisconnectCause.REJECTED);
    }

    @Override
    public void onReject(int rejectReason) {
        if (app.mended().has(Mended.MISSING_CALLBACKS)) {
            onReject();
        }
    }

    /**
     * Flaw 17: leaveSession calls CallActivity.onSessionLeft, whose endCallAndFinish ends the call at
     * the server once more, as did the one that may have led here: two or three times in all.
     */
    @Override
    public void onDisconnect() {
        app.trace().event("onDisconnect", session());
        Log.d(TAG, "Call disconnected");
        if (ended && app.mended().has(Mended.REPEATED_END)) {
            return;
        }
        if (callData != null && app.backend().isJoined(callData.getSessionId())) {
            app.backend().leave(callData.getSessionId());
            CallActivity.onSessionLeft(app, callData.getSessionId());
        }
        if (callData != null) {
            app.backend().end(callData.getSessionId(), null);
        }
        end(DisconnectCause.LOCAL);
    }

    /** All that ends the connection meets here; the guide repeats the two lines in each place. */
    void end(int cause) {
        if (ended) {
            return;
        }
        ended = true;
        app.trace().event("ended", session(), Causes.name(cause));
        setDisconnected(new DisconnectCause(cause));
        destroy();
        app.registry().ended(this);
    }

    boolean isEnded() {
        return ended;
    }

    boolean isAnswered() {
        return answered;
    }

    @Override
    public void onHold() {
        app.trace().event("onHold", session());
        setOnHold();
        app.backend().setMuted(session(), true);
    }

    @Override
    public void onUnhold() {
        app.trace().event("onUnhold", session());
        setActive();
        app.backend().setMuted(session(), false);
    }

    @Override
    public void onSilence() {
        if (app.mended().has(Mended.MISSING_CALLBACKS) && callData != null) {
            app.trace().event("onSilence", session());
            MendedNotifications.silence(context, callData);
        }
    }

    @Override
    public void onAbort() {
        if (app.mended().has(Mended.MISSING_CALLBACKS)) {
            app.trace().event("onAbort", session());
            end(DisconnectCause.CANCELED);
        }
    }

    @Override
    public void onStateChanged(int state) {
        if (app.mended().has(Mended.MISSING_CALLBACKS)) {
            app.trace().event("onStateChanged", session(), Connection.stateToString(state));
        }
    }

    @SuppressWarnings("deprecation")
    @Override
    public void onCallAudioStateChanged(CallAudioState state) {
        if (app.mended().has(Mended.MISSING_CALLBACKS)) {
            app.trace().event("onCallAudioStateChanged", session());
        }
    }

    private void launchCallActivity() {
        if (callData == null || CallActivity.isOpen(app, session())) { // open: flaw 7, mended
            return;
        }
        Intent intent = new Intent(context, CallActivity.class);
        intent.setFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
        intent.putExtra(CallActivity.EXTRA_SESSION_ID, callData.getSessionId());
        intent.putExtra(CallActivity.EXTRA_CALL_TYPE, callData.getCallType());
        intent.putExtra(CallActivity.EXTRA_IS_INCOMING, true);
        context.startActivity(intent);
    }

    public void endCall() {
        onDisconnect();
    }
}
