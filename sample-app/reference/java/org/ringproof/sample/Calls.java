package org.ringproof.sample;

import android.app.ActivityManager;
import android.os.Bundle;
import android.telecom.DisconnectCause;
import android.telecom.TelecomManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ringproof.sample.common.Backend;
import org.ringproof.sample.common.PushMessage;
import org.ringproof.sample.devicetest.Defects;
import org.ringproof.sample.devicetest.ParcelableCall;

/**
 * Every call of this process by its session, and every session that is over: a push may come late,
 * twice, or after its own cancellation, and each must find the one call that it means.
 */
public final class Calls implements Backend.Listener {

    private static final int REMEMBERED = 200;

    private final SampleApplication app;
    private final Map<String, Call> calls = new LinkedHashMap<String, Call>();
    /** With the push that ended it before it rang; null if it did ring. */
    private final Map<String, EndReason> over = new LinkedHashMap<String, EndReason>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EndReason> eldest) {
            return size() > REMEMBERED;
        }
    };
    /** Only for the defect {@link Defects#SINGLE_SLOT}. */
    private Call slot;

    Calls(SampleApplication app) {
        this.app = app;
        app.backend().setListener(this);
    }

    /** The call of a session; null if there is none. */
    public Call find(String session) {
        if (slot != null && app.defects().has(Defects.SINGLE_SLOT)) {
            return slot;
        }
        return calls.get(session);
    }

    /** The newest call other than the given one that was answered; null if there is none. */
    Call answeredBeside(Call one) {
        Call found = null;
        for (Call call : calls.values()) {
            if (call != one && !call.isRinging()) {
                found = call;
            }
        }
        return found;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Only for the defect. */
    void setSlot(Call call) {
        slot = call;
    }

    /** A push announces a call. */
    void ring(CallData data, PushMessage message) {
        if (!app.login().isLoggedIn()) {
            app.trace().event("dropped", data.session, "nobody is logged in");
            return;
        }
        if (app.defects().has(Defects.DROPS_IN_FOREGROUND) && isForeground()) {
            app.trace().event("dropped", data.session, "the app is in the foreground");
            return;
        }
        if (!app.defects().has(Defects.NO_DEDUPE) && isKnown(data)) {
            return;
        }
        boolean limited = !app.defects().has(Defects.NO_TIMEOUT);
        if (limited && Staleness.isStale(message, System.currentTimeMillis())) {
            app.trace().event("stale", data.session);
            over.put(data.session, null);
            app.notifications().missed(data);
            return;
        }
        Call call = new Call(app, data, false);
        calls.put(data.session, call);
        if (limited) {
            call.startTimer();
        }
        announce(call);
    }

    /** Whether the push tells nothing new. One that comes after its own cancellation is a missed call. */
    private boolean isKnown(CallData data) {
        if (over.containsKey(data.session)) {
            EndReason reason = over.put(data.session, null);
            app.trace().event("duplicate", data.session,
                    reason == null ? "" : reason.name().toLowerCase(java.util.Locale.ROOT));
            if (reason != null && reason.missed) {
                app.notifications().missed(data);
            }
            return true;
        }
        if (calls.containsKey(data.session)) {
            app.trace().event("duplicate", data.session, "the call is there");
            return true;
        }
        return false;
    }

    /**
     * Tells Telecom. It returns before anything rings; whether the call may ring comes later, as
     * onCreateIncomingConnection or as its failure.
     */
    private void announce(Call call) {
        app.trace().event("addNewIncomingCall", call.data.session);
        TelecomManager telecom = app.accounts().telecom();
        try {
            if (telecom == null) {
                throw new UnsupportedOperationException("no Telecom");
            }
            telecom.addNewIncomingCall(app.accounts().handle(), incomingExtras(call.data));
        } catch (SecurityException | UnsupportedOperationException e) {
            // The account is not there or not allowed: the call rings as a plain notification.
            app.trace().event("addNewIncomingCallFailed", call.data.session, e.toString());
            app.notifications().showIncoming(call);
        }
    }

    private Bundle incomingExtras(CallData data) {
        Bundle extras = new Bundle();
        if (app.defects().has(Defects.PARCELABLE_EXTRAS)) {
            extras.putParcelable(ParcelableCall.EXTRA, new ParcelableCall(data));
            return extras;
        }
        extras.putParcelable(TelecomManager.EXTRA_INCOMING_CALL_ADDRESS, data.address(app.accounts().scheme()));
        extras.putBundle(TelecomManager.EXTRA_INCOMING_CALL_EXTRAS, data.toBundle());
        return extras;
    }

    /** A push ends a call. */
    void stop(String session, EndReason reason) {
        Call call = calls.get(session);
        if (call != null) {
            call.stop(reason);
            return;
        }
        if (over.containsKey(session)) {
            return;
        }
        // Its ring may come later, or was shown by a process that is dead.
        over.put(session, reason);
        app.notifications().cancelIncoming(session);
        if (!reason.missed) {
            app.notifications().cancelMissed(session);
        }
        app.trace().event("stopBeforeRing", session);
    }

    /** Telecom has no place for the call: a second one that rings, an emergency, a paused profile. */
    void refused(String session) {
        Call call = calls.get(session);
        if (call == null) {
            return;
        }
        if (call.isOutgoing()) {
            call.hangUp();
            return;
        }
        if (calls.size() > 1) {
            app.backend().busy(session, null);
            call.end(DisconnectCause.BUSY, true);
            return;
        }
        app.notifications().showIncoming(call);
    }

    /** The user calls somebody, and the server made a session of it. */
    Call add(CallData outgoing) {
        Call call = new Call(app, outgoing, true);
        calls.put(outgoing.session, call);
        call.startTimer();
        return call;
    }

    void remove(Call call) {
        if (calls.get(call.data.session) == call) {
            calls.remove(call.data.session);
            over.put(call.data.session, null);
        }
    }

    @Override
    public void onAnswered(String session) {
        Call call = calls.get(session);
        if (call != null) {
            call.onRemoteAnswer();
        }
    }

    @Override
    public void onSignal(Map<String, String> data) {
        app.pushHandler().onSignal(data);
    }

    /** Only for the defect: importance says foreground under the lock screen, too. */
    private static boolean isForeground() {
        ActivityManager.RunningAppProcessInfo me = new ActivityManager.RunningAppProcessInfo();
        ActivityManager.getMyMemoryState(me);
        return me.importance == ActivityManager.RunningAppProcessInfo.IMPORTANCE_FOREGROUND;
    }
}
