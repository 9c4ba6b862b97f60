package org.ringproof.sample.guide;

import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.telecom.DisconnectCause;
import android.telecom.TelecomManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ringproof.sample.common.PushMessage;
import org.ringproof.sample.guide.devicetest.Mended;

/**
 * Not in the guide: what mended flaws need, calls by session and what became of them. As long as no
 * flaw is mended it only takes notes.
 */
final class CallRegistry {

    private static final long RING_WINDOW_MILLIS = 60000;
    private static final long RING_TIMEOUT_MILLIS = 45000;

    private final MyApplication app;
    private final Handler handler = new Handler(Looper.getMainLooper());
    private final Map<String, CallData> calls = new LinkedHashMap<String, CallData>();
    private final Map<String, CallConnection> connections = new HashMap<String, CallConnection>();
    private final Map<String, Runnable> timeouts = new HashMap<String, Runnable>();
    private final Map<String, String> over = new HashMap<String, String>();
    final List<CallActivity> callScreens = new ArrayList<CallActivity>();
    final List<IncomingCallActivity> incomingScreens = new ArrayList<IncomingCallActivity>();
    private CallService service;

    CallRegistry(MyApplication app) {
        this.app = app;
    }

    static CallRegistry of(MyApplication app) {
        return app.registry();
    }

    void add(final CallData data) {
        calls.put(data.getSessionId(), data);
        if (!app.mended().has(Mended.NO_TIMEOUT)) {
            return;
        }
        Runnable timeout = new Runnable() {
            @Override
            public void run() {
                close(data, DisconnectCause.MISSED, true);
            }
        };
        timeouts.put(data.getSessionId(), timeout);
        handler.postDelayed(timeout, RING_TIMEOUT_MILLIS);
    }

    CallData data(String session) {
        return calls.get(session);
    }

    String name(String session) {
        CallData data = calls.get(session);
        return data == null ? "Call" : data.getCallerName();
    }

    boolean isOver(String session) {
        return over.containsKey(session);
    }

    void attach(CallConnection connection) {
        if (connection.data() != null) {
            connections.put(connection.data().getSessionId(), connection);
        }
    }

    void attach(CallService service) {
        this.service = service;
    }

    CallConnection connection(String session) {
        return connections.get(session);
    }

    void answered(String session) {
        Runnable timeout = timeouts.remove(session);
        if (timeout != null) {
            handler.removeCallbacks(timeout);
        }
    }

    /** The connection is over, whoever ended it. */
    void ended(CallConnection connection) {
        if (connection.data() == null) {
            return;
        }
        String session = connection.data().getSessionId();
        answered(session);
        over.put(session, "");
        calls.remove(session);
        connections.remove(session);
        CallNotificationManager.cancelNotification(app, session);
        IncomingCallActivity.finish(app, session);
        if (service != null && calls.isEmpty()) {
            service.finish();
            service = null;
        }
        if (app.mended().has(Mended.IGNORES_CALL_ACTION)) {
            CallActivity.finish(app, session); // the guide's screen only learns of what the session tells
        }
    }

    /** Flaw 3, mended: a push that ends a call. */
    void stop(String session, String action) {
        if (session == null || session.isEmpty()) {
            return;
        }
        int cause = cause(action);
        CallData data = calls.get(session);
        if (cause == DisconnectCause.UNKNOWN || data == null && over.containsKey(session)) {
            return;
        }
        if (data == null) {
            over.put(session, action);
            CallNotificationManager.cancelNotification(app, session);
            if (!missedBy(action)) {
                MendedNotifications.cancelMissed(app, session);
            }
            app.trace().event("stopBeforeRing", session);
            return;
        }
        CallConnection connection = connections.get(session);
        if (connection == null || !connection.isAnswered()) {
            close(data, cause, missedBy(action));
        } else if ("ended".equals(action) || "cancelled".equals(action)) {
            close(data, DisconnectCause.REMOTE, false);
        }
    }

    private static int cause(String action) {
        if ("cancelled".equals(action)) {
            return DisconnectCause.CANCELED;
        } else if ("unanswered".equals(action)) {
            return DisconnectCause.MISSED;
        } else if ("ongoing".equals(action)) {
            return DisconnectCause.ANSWERED_ELSEWHERE;
        } else if ("rejected".equals(action)) {
            return DisconnectCause.REJECTED;
        } else if ("ended".equals(action)) {
            return DisconnectCause.REMOTE;
        } else if ("busy".equals(action)) {
            return DisconnectCause.BUSY;
        }
        return DisconnectCause.UNKNOWN;
    }

    private static boolean missedBy(String action) {
        return !"ongoing".equals(action) && !"rejected".equals(action);
    }

    private void close(CallData data, int cause, boolean missed) {
        String session = data.getSessionId();
        CallConnection connection = connections.get(session);
        if (connection != null) {
            connection.end(cause);
        } else {
            gone(session);
        }
        if (missed) {
            missed(data);
        }
    }

    /** A call without a connection is over. */
    void gone(String session) {
        answered(session);
        over.put(session, "");
        calls.remove(session);
        CallNotificationManager.cancelNotification(app, session);
        IncomingCallActivity.finish(app, session);
    }

    /** Flaw 14, mended. */
    boolean isKnown(CallData data) {
        String session = data.getSessionId();
        if (over.containsKey(session)) {
            String action = over.put(session, "");
            app.trace().event("duplicate", session, action);
            if (!action.isEmpty() && missedBy(action)) {
                missed(data);
            }
            return true;
        }
        if (calls.containsKey(session)) {
            app.trace().event("duplicate", session, "the call is there");
            return true;
        }
        return false;
    }

    /** Flaw 12, mended. */
    static boolean isStale(PushMessage message) {
        long now = System.currentTimeMillis();
        long sentAt = PushMessage.number(message.data.get("sentAt"));
        if (sentAt > 0 && now - sentAt > RING_WINDOW_MILLIS) {
            return true;
        }
        long window = RING_WINDOW_MILLIS;
        if (message.ttl > 0 && message.ttl < window / 1000) {
            window = message.ttl * 1000;
        }
        return message.sentTime > 0 && now - message.sentTime > window;
    }

    void missed(CallData data) {
        over.put(data.getSessionId(), "");
        app.trace().event("missed", data.getSessionId());
        if (app.mended().has(Mended.NO_TIMEOUT)) {
            MendedNotifications.missed(app, data.getSessionId(), data.getCallerName());
        }
    }

    /** Flaw 6, mended. */
    void refused(CallData data) {
        if (calls.size() > 1) {
            app.backend().busy(data.getSessionId(), null);
            close(data, DisconnectCause.BUSY, true);
        } else {
            CallNotificationManager.showFallbackNotification(app, data);
        }
    }

    /** Flaw 5, mended: strings cross Telecom. */
    static Bundle strings(CallData data) {
        Bundle bundle = new Bundle();
        bundle.putString(CallActivity.EXTRA_SESSION_ID, data.getSessionId());
        return bundle;
    }

    static String sessionIn(Bundle extras) {
        String session = extras.getString(CallActivity.EXTRA_SESSION_ID);
        Bundle inner = session == null ? extras.getBundle(TelecomManager.EXTRA_INCOMING_CALL_EXTRAS) : null;
        return inner == null ? session : inner.getString(CallActivity.EXTRA_SESSION_ID);
    }
}
