package org.ringproof.sample;

import org.ringproof.sample.common.PushEntry;
import org.ringproof.sample.common.PushMessage;
import org.ringproof.sample.devicetest.Defects;

/** Decides what a push means. On the main thread; whoever gets pushes elsewhere posts them there. */
public final class PushHandler implements PushEntry.Listener {

    private final SampleApplication app;

    public PushHandler(SampleApplication app) {
        this.app = app;
    }

    /**
     * A call push says in {@code callAction} what happened to the call: only {@code initiated} is a
     * new one. Words that this version does not know mean nothing to it.
     */
    @Override
    public void onMessageReceived(PushMessage message) {
        String session = message.data.get("sessionId");
        app.trace().event("onMessageReceived", session, message.data);
        if (!"call".equals(message.data.get("type")) || session == null || session.isEmpty()) {
            return;
        }
        String callerKey = app.defects().has(Defects.WRONG_CALLER_KEY) ? "senderUid" : "sender";
        CallData call = CallData.fromPush(message.data, callerKey);
        String action = message.data.get("callAction");
        if (app.defects().has(Defects.IGNORES_CALL_ACTION)) {
            action = "initiated";
        }
        EndReason reason = EndReason.of(action);
        if (reason != null) {
            app.calls().stop(session, reason);
        } else if ("initiated".equals(action) && call != null) {
            app.calls().ring(call, message);
        }
    }

    @Override
    public void onNewToken(String token) {
        app.trace().event("onNewToken", "");
        app.login().setToken(token);
    }
}
