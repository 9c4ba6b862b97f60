package org.ringproof.sample.common;

import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A back end that answers itself. Each request takes 80 to 200 ms, by session and step, so that
 * equal runs are equal; delays and failures can be set per step.
 *
 * <p>Steps: {@code token start answer accept reject busy end join}. {@code answer} is the callee of
 * an outgoing call.
 */
public final class LoopbackBackend implements Backend {

    private static final Callback NOBODY = new Callback() {
        @Override
        public void onSuccess() {
        }

        @Override
        public void onFailure(String reason) {
        }
    };

    private final Trace trace;
    private final Handler handler = new Handler(Looper.getMainLooper());
    private final Map<String, Long> delays = new HashMap<String, Long>();
    private final Map<String, String> failures = new HashMap<String, String>();
    private final List<String> history = new ArrayList<String>();
    private final Set<String> joined = new HashSet<String>();
    private Listener listener;
    private String user;
    private int started;
    /** The session of the next call that is started; null for one of our own. */
    private String relayed;

    public LoopbackBackend(Trace trace) {
        this.trace = trace;
    }

    /** From now on the step takes so long; negative gives back the usual time. */
    public void setDelay(String step, long millis) {
        if (millis < 0) {
            delays.remove(step);
        } else {
            delays.put(step, millis);
        }
    }

    /** From now on the step fails for this reason; null lets it succeed again. */
    public void setFailure(String step, String reason) {
        if (reason == null) {
            failures.remove(step);
        } else {
            failures.put(step, reason);
        }
    }

    /**
     * The next call that is started gets this session and rings somebody real: what its callee does
     * comes as a push, and nobody answers by itself.
     */
    public void relay(String session) {
        relayed = session;
    }

    /** Test door: a signal. False if there is no connection: nobody is logged in, or nobody listens. */
    public boolean signal(final Map<String, String> data) {
        if (user == null || listener == null) {
            return false;
        }
        handler.post(new Runnable() {
            @Override
            public void run() {
                listener.onSignal(data);
            }
        });
        return true;
    }

    /** Every request so far, as "step session", in order. */
    public List<String> history() {
        return new ArrayList<String>(history);
    }

    @Override
    public void setListener(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void login(String user) {
        this.user = user;
    }

    @Override
    public void logout() {
        user = null;
    }

    @Override
    public boolean isLoggedIn() {
        return user != null;
    }

    @Override
    public void registerToken(String token, Callback callback) {
        request("token", "", callback, null);
    }

    @Override
    public void start(String callee, boolean video, final StartCallback callback) {
        started++;
        final boolean real = relayed != null;
        final String session = real ? relayed : "out-" + android.os.Process.myPid() + "-" + started;
        relayed = null;
        request("start", session, new Callback() {
            @Override
            public void onSuccess() {
                callback.onStarted(session);
                if (!real) {
                    ring(session);
                }
            }

            @Override
            public void onFailure(String reason) {
                callback.onFailure(reason);
            }
        }, null);
    }

    private void ring(final String session) {
        if (failures.containsKey("answer")) {
            return; // nobody takes the call
        }
        handler.postDelayed(new Runnable() {
            @Override
            public void run() {
                if (listener != null) {
                    listener.onAnswered(session);
                }
            }
        }, delay(session, "answer"));
    }

    @Override
    public void accept(String session, Callback callback) {
        request("accept", session, callback, null);
    }

    @Override
    public void reject(String session, Callback callback) {
        request("reject", session, callback, null);
    }

    @Override
    public void busy(String session, Callback callback) {
        request("busy", session, callback, null);
    }

    @Override
    public void end(String session, Callback callback) {
        request("end", session, callback, null);
    }

    @Override
    public void join(final String session, Callback callback) {
        request("join", session, callback, new Runnable() {
            @Override
            public void run() {
                joined.add(session);
            }
        });
    }

    @Override
    public void leave(String session) {
        joined.remove(session);
    }

    @Override
    public boolean isJoined(String session) {
        return joined.contains(session);
    }

    @Override
    public void setMuted(String session, boolean muted) {
        history.add((muted ? "mute " : "unmute ") + session);
    }

    @Override
    public void setHeld(String session, boolean held) {
        history.add((held ? "hold " : "unhold ") + session);
    }

    private void request(final String step, final String session, Callback callback, final Runnable effect) {
        history.add(step + " " + session);
        final String name = "backend" + step.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + step.substring(1);
        trace.event(name, session);
        final Callback to = callback == null ? NOBODY : callback;
        final String failure = user == null ? "not logged in" : failures.get(step);
        handler.postDelayed(new Runnable() {
            @Override
            public void run() {
                if (failure != null) {
                    trace.event(name + "Failed", session, failure);
                    to.onFailure(failure);
                    return;
                }
                if (effect != null) {
                    effect.run();
                }
                to.onSuccess();
            }
        }, delay(session, step));
    }

    private long delay(String session, String step) {
        Long set = delays.get(step);
        return set != null ? set : 80 + Ids.hash(session + "/" + step) % 120000 / 1000;
    }
}
