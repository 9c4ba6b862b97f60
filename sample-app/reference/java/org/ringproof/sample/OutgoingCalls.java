package org.ringproof.sample;

import android.os.Bundle;
import android.telecom.TelecomManager;
import android.telecom.VideoProfile;
import org.ringproof.sample.common.Backend;

/**
 * Calls that the user makes: the server makes a session, then Telecom is asked for a place, then
 * CallConnectionService gives it the connection. MANAGE_OWN_CALLS is enough for that; CALL_PHONE is
 * for calls over somebody else's account.
 */
final class OutgoingCalls {

    /** What became of the wish. */
    interface Result {
        void onStarted(Call call);

        void onRefused(String reason);
    }

    private OutgoingCalls() {
    }

    static void start(final SampleApplication app, final String callee, final boolean video, final Result result) {
        TelecomManager telecom = app.accounts().telecom();
        if (telecom != null && !telecom.isOutgoingCallPermitted(app.accounts().handle())) {
            // Another app's call cannot be held, or it is an emergency: Telecom would refuse later.
            result.onRefused("not permitted now");
            return;
        }
        app.backend().start(callee, video, new Backend.StartCallback() {
            @Override
            public void onStarted(String session) {
                Call call = app.calls().add(new CallData(session, callee, callee, video));
                place(app, call);
                call.startService();
                result.onStarted(call);
            }

            @Override
            public void onFailure(String reason) {
                result.onRefused(reason);
            }
        });
    }

    private static void place(SampleApplication app, Call call) {
        Bundle extras = new Bundle();
        extras.putParcelable(TelecomManager.EXTRA_PHONE_ACCOUNT_HANDLE, app.accounts().handle());
        extras.putBundle(TelecomManager.EXTRA_OUTGOING_CALL_EXTRAS, call.data.toBundle());
        if (call.data.video) {
            extras.putInt(TelecomManager.EXTRA_START_CALL_WITH_VIDEO_STATE, VideoProfile.STATE_BIDIRECTIONAL);
        }
        app.trace().event("placeCall", call.data.session);
        TelecomManager telecom = app.accounts().telecom();
        try {
            if (telecom != null) {
                telecom.placeCall(call.data.address(app.accounts().scheme()), extras);
            }
        } catch (SecurityException | UnsupportedOperationException e) {
            // Without Telecom there is still the call: it only does not know of other apps' calls.
            app.trace().event("placeCallFailed", call.data.session, e.toString());
        }
    }
}
