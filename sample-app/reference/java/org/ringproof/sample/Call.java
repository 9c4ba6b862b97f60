package org.ringproof.sample;

import android.os.SystemClock;
import android.telecom.DisconnectCause;
import java.util.ArrayList;
import java.util.List;
import org.ringproof.sample.common.Backend;
import org.ringproof.sample.common.Causes;
import org.ringproof.sample.devicetest.Defects;

/**
 * One call. It lives here and not in a screen or in its Connection: screens come and go (rotation,
 * dark mode, the user), and there may be no Connection at all if Telecom refused.
 *
 * <p>Ringing (or dialing), then answering, then active, and ended from anywhere. Every wish of the
 * user, Telecom and the server comes in here, from wherever it came; each may come twice or too
 * late, and then does nothing.
 */
public final class Call {

    /** What the app itself knows of the call. */
    enum Phase { RINGING, DIALING, ANSWERING, ACTIVE, ENDED }

    /** A screen that shows the call. */
    interface Screen {
        void onCallChanged(Call call);

        /** Whether it asks to answer. */
        boolean isQuestion();

        void close();
    }

    public final CallData data;

    private final SampleApplication app;
    private final List<Screen> screens = new ArrayList<Screen>();
    private final RingTimer timer;
    private final boolean outgoing;
    private Phase phase;
    private CallConnection connection;
    private CallService service;
    private boolean joining;
    private boolean muted;
    private boolean held;
    private boolean silenced;
    private boolean ending;
    private long activeSince;

    Call(SampleApplication app, CallData data, boolean outgoing) {
        this.app = app;
        this.data = data;
        this.outgoing = outgoing;
        this.phase = outgoing ? Phase.DIALING : Phase.RINGING;
        this.timer = new RingTimer(app, new Runnable() {
            @Override
            public void run() {
                if (Call.this.outgoing) {
                    hangUp();
                } else {
                    end(DisconnectCause.MISSED, true);
                }
            }
        });
    }

    Phase phase() {
        return phase;
    }

    boolean isRinging() {
        return phase == Phase.RINGING;
    }

    boolean isOutgoing() {
        return outgoing;
    }

    boolean isMuted() {
        return muted;
    }

    boolean isHeld() {
        return held;
    }

    boolean isSilenced() {
        return silenced;
    }

    /** elapsedRealtime of the first moment that both sides heard each other; 0 before. */
    long activeSince() {
        return activeSince;
    }

    /** Null if Telecom refused the call, or has not asked for it yet. */
    CallConnection connection() {
        return connection;
    }

    void startTimer() {
        timer.start();
    }

    void attach(CallConnection connection) {
        this.connection = connection;
    }

    void attach(Screen screen) {
        if (!screens.contains(screen)) {
            screens.add(screen);
        }
    }

    void detach(Screen screen) {
        screens.remove(screen);
    }

    void attach(CallService service) {
        this.service = service;
    }

    CallService service() {
        return service;
    }

    /**
     * The user takes the call: on a screen, in the notification, on a headset, a car or a watch.
     * First what keeps the app alive and in front, then the server, whose answer takes its time:
     * the permission to start a service or a screen from the background is short.
     */
    void answer() {
        if (phase != Phase.RINGING) {
            return;
        }
        phase = Phase.ANSWERING;
        timer.cancel();
        if (app.defects().has(Defects.ACTIVE_BEFORE_JOIN)) {
            answerTooEarly();
            return;
        }
        app.backend().accept(data.session, new Backend.Callback() {
            @Override
            public void onSuccess() {
                if (phase == Phase.ANSWERING) {
                    join();
                }
            }

            @Override
            public void onFailure(String reason) {
                end(DisconnectCause.ERROR, false);
            }
        });
        startService();
        app.notifications().cancelIncoming(data.session);
        openScreen();
        closeQuestion();
        changed();
    }

    private void answerTooEarly() {
        app.backend().accept(data.session, new Backend.Callback() {
            @Override
            public void onSuccess() {
                if (phase == Phase.ACTIVE) {
                    openScreen();
                    closeQuestion();
                }
            }

            @Override
            public void onFailure(String reason) {
                end(DisconnectCause.ERROR, false);
            }
        });
        if (connection != null) {
            connection.setActive();
        }
        phase = Phase.ACTIVE;
        app.notifications().cancelIncoming(data.session);
    }

    /** Connects the media. The call is active when both sides hear each other, not before. */
    void join() {
        if (joining) {
            return;
        }
        joining = true;
        app.backend().join(data.session, new Backend.Callback() {
            @Override
            public void onSuccess() {
                if (phase == Phase.ENDED) {
                    app.backend().leave(data.session);
                    return;
                }
                app.trace().event("joined", data.session);
                phase = Phase.ACTIVE;
                activeSince = SystemClock.elapsedRealtime();
                if (connection != null) {
                    // From here on Telecom routes the call's audio, and holds other calls.
                    connection.setActive();
                }
                changed();
            }

            @Override
            public void onFailure(String reason) {
                end(DisconnectCause.ERROR, false);
            }
        });
    }

    /** The other side took our call. */
    void onRemoteAnswer() {
        if (phase == Phase.DIALING) {
            phase = Phase.ANSWERING;
            timer.cancel();
            join();
            changed();
        }
    }

    /** The user declines. */
    void reject() {
        if (phase != Phase.RINGING) {
            return;
        }
        app.backend().reject(data.session, null);
        end(DisconnectCause.REJECTED, false);
    }

    /** The user, or Telecom for another call, ends a call of whatever phase. The server is told once. */
    void hangUp() {
        if (ending || phase == Phase.ENDED) {
            return;
        }
        ending = true;
        app.backend().end(data.session, null);
        if (app.defects().has(Defects.REPEATED_END)) {
            app.backend().end(data.session, null);
            app.backend().end(data.session, null);
        }
        end(DisconnectCause.LOCAL, false);
    }

    /** A push says that the call is over. What another phone of the user did is not about a call that was answered here. */
    void stop(EndReason reason) {
        if (phase == Phase.RINGING) {
            end(reason.cause, reason.missed);
        } else if (phase == Phase.DIALING && reason == EndReason.ONGOING) {
            onRemoteAnswer();
        } else if (phase == Phase.DIALING) {
            end(reason.cause, false); // the callee declined, or is busy
        } else if (reason.endsAnswered()) {
            end(DisconnectCause.REMOTE, false);
        }
    }

    /** A volume key while it rings: the call goes on without a sound. */
    void silence() {
        if (phase == Phase.RINGING) {
            silenced = true;
            app.notifications().showIncoming(this);
        }
    }

    void hold() {
        if (phase == Phase.ACTIVE && !held) {
            held = true;
            app.backend().setHeld(data.session, true);
            if (connection != null) {
                connection.setOnHold();
            }
            changed();
        }
    }

    void unhold() {
        if (phase == Phase.ACTIVE && held) {
            held = false;
            app.backend().setHeld(data.session, false);
            if (connection != null) {
                connection.setActive();
            }
            changed();
        }
    }

    void setMuted(boolean muted) {
        if (this.muted != muted && phase != Phase.ENDED) {
            this.muted = muted;
            app.backend().setMuted(data.session, muted);
            changed();
        }
    }

    /**
     * Takes everything of the call off the phone. Whoever ended it, nothing may stay behind: no
     * call at Telecom, no notification, no service, no screen.
     *
     * @param cause one of DisconnectCause's codes
     * @param missed whether to tell the user that somebody called
     */
    void end(int cause, boolean missed) {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        timer.cancel();
        app.trace().event("ended", data.session, Causes.name(cause));
        app.backend().leave(data.session);
        if (connection != null) {
            connection.setDisconnected(new DisconnectCause(cause));
            connection.destroy();
        }
        app.notifications().cancelIncoming(data.session);
        app.calls().remove(this);
        stopService();
        for (Screen screen : new ArrayList<Screen>(screens)) {
            screen.close();
        }
        if (missed) {
            app.notifications().missed(data);
        }
    }

    /** Keeps the process alive, and lets it use the microphone. */
    void startService() {
        if (!app.defects().has(Defects.NO_FOREGROUND_SERVICE)) {
            CallService.start(app, this);
        }
    }

    private void stopService() {
        if (service == null) {
            return; // not started yet: it will find no call and end itself
        }
        CallService one = service;
        service = null;
        Call other = app.calls().answeredBeside(this);
        if (other != null && other.service == one) {
            one.show(other);
        } else {
            one.finish();
        }
    }

    /**
     * Shows the call screen. Android may refuse without a word (a headset's answer while the app is
     * in the background): then the notification of the service leads to it.
     */
    void openScreen() {
        for (Screen screen : screens) {
            if (!screen.isQuestion()) {
                return;
            }
        }
        try {
            app.startActivity(CallIntents.of(app, data.session, CallActivity.class, null));
        } catch (RuntimeException e) {
            app.trace().event("startActivityFailed", data.session, e.toString());
        }
    }

    /** After the call screen was started: an app without a visible activity may not start one. */
    private void closeQuestion() {
        for (Screen screen : new ArrayList<Screen>(screens)) {
            if (screen.isQuestion()) {
                screen.close();
            }
        }
    }

    private void changed() {
        for (Screen screen : new ArrayList<Screen>(screens)) {
            screen.onCallChanged(this);
        }
    }
}
