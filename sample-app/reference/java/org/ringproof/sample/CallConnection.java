package org.ringproof.sample;

import android.os.Build;
import android.telecom.CallAudioState;
import android.telecom.Connection;
import android.telecom.TelecomManager;
import android.telecom.VideoProfile;
import org.ringproof.sample.devicetest.Defects;

/**
 * A call, as Telecom sees it: what headsets, cars, watches and other calls want of it comes in
 * here. It decides nothing; {@link Call} does.
 */
class CallConnection extends Connection {

    private final SampleApplication app;
    private final Call call;
    /** Those callbacks that the defect leaves out. */
    private final boolean deaf;
    private boolean telecomMuted;

    CallConnection(SampleApplication app, Call call) {
        this.app = app;
        this.call = call;
        this.deaf = app.defects().has(Defects.MISSING_CALLBACKS);
        setConnectionProperties(PROPERTY_SELF_MANAGED);
        setConnectionCapabilities(CAPABILITY_HOLD | CAPABILITY_SUPPORT_HOLD | CAPABILITY_MUTE);
        setAddress(call.data.address(app.accounts().scheme()), TelecomManager.PRESENTATION_ALLOWED);
        setCallerDisplayName(call.data.name, TelecomManager.PRESENTATION_ALLOWED);
        // Telecom then sets MODE_IN_COMMUNICATION, not the mode of a SIM's call.
        setAudioModeIsVoip(true);
    }

    /** A connection that also hears what is new in this phone's release. */
    static CallConnection of(SampleApplication app, Call call) {
        CallConnection connection;
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            connection = new CallConnectionApi34(app, call);
        } else {
            connection = new CallConnection(app, call);
        }
        call.attach(connection);
        return connection;
    }

    void trace(String event, String detail) {
        app.trace().event(event, call.data.session, detail);
    }

    /** Self-managed: there is no system screen. Here, and only here, the app begins to show the call. */
    @Override
    public void onShowIncomingCallUi() {
        if (app.defects().has(Defects.NO_INCOMING_UI)) {
            return;
        }
        trace("onShowIncomingCallUi", null);
        if (call.isRinging()) {
            app.notifications().showIncoming(call);
        }
    }

    /** Also called by the framework's onAnswer() without a state. */
    @Override
    public void onAnswer(int videoState) {
        if (deaf && videoState != VideoProfile.STATE_AUDIO_ONLY) {
            return;
        }
        trace("onAnswer", null);
        call.answer();
    }

    @Override
    public void onReject() {
        trace("onReject", null);
        call.reject();
    }

    /** Android 11: with a reason. */
    @Override
    public void onReject(int rejectReason) {
        onReject();
    }

    /** With a text message for the caller, which this back end cannot send. */
    @Override
    public void onReject(String replyMessage) {
        onReject();
    }

    @Override
    public void onDisconnect() {
        trace("onDisconnect", null);
        call.hangUp();
    }

    /** Telecom gave up before the call existed. */
    @Override
    public void onAbort() {
        if (!deaf) {
            trace("onAbort", null);
            call.end(android.telecom.DisconnectCause.CANCELED, false);
        }
    }

    @Override
    public void onHold() {
        trace("onHold", null);
        call.hold();
    }

    @Override
    public void onUnhold() {
        trace("onUnhold", null);
        call.unhold();
    }

    /** A volume key, while it rings. */
    @Override
    public void onSilence() {
        if (!deaf) {
            trace("onSilence", null);
            call.silence();
        }
    }

    @Override
    public void onStateChanged(int state) {
        if (!deaf) {
            trace("onStateChanged", stateToString(state));
        }
    }

    /**
     * The route changed, or a headset's mute button was pressed. Only a change of Telecom's own mute
     * counts: a call that the user muted on the screen stays mute when a headset comes. Deprecated in
     * 34, and called there too.
     */
    @SuppressWarnings("deprecation")
    @Override
    public void onCallAudioStateChanged(CallAudioState state) {
        if (!deaf) {
            trace("onCallAudioStateChanged", CallAudioState.audioRouteToString(state.getRoute()));
            if (telecomMuted != state.isMuted()) {
                telecomMuted = state.isMuted();
                call.setMuted(telecomMuted);
            }
        }
    }

    @Override
    public void onPlayDtmfTone(char tone) {
        trace("onPlayDtmfTone", null); // the loopback has nobody to play it to
    }
}
