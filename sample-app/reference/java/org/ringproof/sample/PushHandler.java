package org.ringproof.sample;

import java.util.Map;
import org.ringproof.sample.common.PushEntry;
import org.ringproof.sample.common.PushMessage;
import org.ringproof.sample.devicetest.Defects;

/**
 * Decides what a push means, and a signal, which says the same over the app's own connection: one
 * place for both, so that the second to come finds what the first made of the call. On the main
 * thread; whoever gets pushes elsewhere posts them there.
 */
public final class PushHandler implements PushEntry.Listener {

    private final SampleApplication app;

    public PushHandler(SampleApplication app) {
        this.app = app;
    }

    @Override
    public void onMessageReceived(PushMessage message) {
        app.trace().event("onMessageReceived", message.data.get("sessionId"), message.data);
        decide(message);
    }

    /** No push service dated a signal: only its own words say how old it is. */
    void onSignal(Map<String, String> data) {
        app.trace().event("onSignal", data.get("sessionId"), data);
        decide(new PushMessage(data, 0, 0));
    }

    /**
     * A call's message says in {@code callAction} what happened to the call: only
     * {@code initiated} is a new one. Words that this version does not know mean nothing to it.
     */
    private void decide(PushMessage message) {
        String session = message.data.get("sessionId");
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
