package org.ringproof.sample.guide;

import android.app.ActivityManager;
import android.content.Context;
import java.util.List;
import java.util.Map;
import org.ringproof.sample.common.Backend;
import org.ringproof.sample.common.PushEntry;
import org.ringproof.sample.common.PushMessage;
import org.ringproof.sample.guide.devicetest.Mended;

/** Step 1.2: what a push means. In the guide a FirebaseMessagingService, here its two callbacks. */
final class CallFirebaseMessagingService implements PushEntry.Listener {

    private final MyApplication app;

    CallFirebaseMessagingService(MyApplication app) {
        this.app = app;
    }

    @Override
    public void onMessageReceived(PushMessage message) {
        Map<String, String> data = message.data;
        app.trace().event("onMessageReceived", data.get("sessionId"), data);
        // Flaw 3: a push of type "call" also says that a call was cancelled, answered on another
        // phone, declined, ended. callAction, which tells them apart, is not read: each one rings.
        if (!"call".equals(data.get("type"))) {
            return;
        }
        if (app.mended().has(Mended.IGNORES_CALL_ACTION) && !"initiated".equals(data.get("callAction"))) {
            CallRegistry.of(app).stop(data.get("sessionId"), data.get("callAction"));
            return;
        }
        handleIncomingCall(message);
    }

    private void handleIncomingCall(PushMessage message) {
        Map<String, String> data = message.data;
        String sessionId = data.get("sessionId");
        String callerName = data.get("senderName");
        // Flaw 2: the server sends the caller's id as "sender". There is no "senderUid", so every
        // real push ends at the next line but one.
        String callerUid = data.get(app.mended().has(Mended.WRONG_CALLER_KEY) ? "sender" : "senderUid");
        String callType = data.get("callType");
        if (sessionId == null || sessionId.isEmpty() || callerUid == null || callerUid.isEmpty()) {
            return;
        }
        if (callerName == null) {
            callerName = "Unknown";
        }
        if (callType == null) {
            callType = "video";
        }
        CallData callData = new CallData(sessionId, callerName, callerUid, callType, data.get("senderAvatar"));

        // Flaw 13: a process can count as foreground behind the lock screen, or because a service
        // of it is bound. And the guide trusts that some other channel will then show the call.
        if (!app.mended().has(Mended.DROPS_IN_FOREGROUND) && isAppInForeground()) {
            app.trace().event("dropped", sessionId, "the app is in the foreground");
            return;
        }
        // Flaw 14: nothing knows that a session was already announced, by a push or otherwise.
        if (app.mended().has(Mended.NO_DEDUPE) && CallRegistry.of(app).isKnown(callData)) {
            return;
        }
        // Flaw 12: how old the push is does not matter to it.
        if (app.mended().has(Mended.NO_TIMEOUT) && CallRegistry.isStale(message)) {
            app.trace().event("stale", sessionId);
            CallRegistry.of(app).missed(callData);
            return;
        }
        CallRegistry.of(app).add(callData);
        CallNotificationManager.showIncomingCall(app, callData);
    }

    private boolean isAppInForeground() {
        ActivityManager manager = (ActivityManager) app.getSystemService(Context.ACTIVITY_SERVICE);
        List<ActivityManager.RunningAppProcessInfo> processes = manager.getRunningAppProcesses();
        if (processes == null) {
            return false;
        }
        for (ActivityManager.RunningAppProcessInfo process : processes) {
            if (process.importance == ActivityManager.RunningAppProcessInfo.IMPORTANCE_FOREGROUND
                    && process.processName.equals(app.getPackageName())) {
                return true;
            }
        }
        return false;
    }

    /** Flaw 21: the first token comes before anybody is logged in; it is told to the server then, and never again. */
    @Override
    public void onNewToken(String token) {
        app.backend().registerToken(token, new Backend.Callback() {
            @Override
            public void onSuccess() {
                app.trace().event("tokenRegistered", "");
            }

            @Override
            public void onFailure(String reason) {
                app.trace().event("tokenFailed", "", reason);
            }
        });
    }
}
