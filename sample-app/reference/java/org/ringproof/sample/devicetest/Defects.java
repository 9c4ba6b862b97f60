package org.ringproof.sample.devicetest;

import android.content.Context;
import org.ringproof.sample.common.Switches;
import org.ringproof.sample.common.Trace;

/**
 * Test door: behaviour that can be broken on purpose, to see that a test notices. Names go into
 * {@code files/ringproof-defects}, one a line, before the process starts. Most are the flaws that
 * the guide variant has by its code.
 */
public final class Defects {

    public static final String FILE = "ringproof-defects";

    /** The process crashes at every start: an account with capabilities that exclude each other. */
    public static final String CRASH_AT_START = "crash-at-start";
    /** Real pushes are dropped: the caller is read from a key that no server sends. */
    public static final String WRONG_CALLER_KEY = "wrong-caller-key";
    /** Every call push rings, a cancellation too. */
    public static final String IGNORES_CALL_ACTION = "ignores-call-action";
    /** Telecom rings and nobody sees it. */
    public static final String NO_INCOMING_UI = "no-incoming-ui";
    /** A class of the app travels through Telecom and cannot be read at the other end. */
    public static final String PARCELABLE_EXTRAS = "parcelable-extras";
    /** A call that Telecom refuses is lost. */
    public static final String SILENT_FAILURE = "silent-failure";
    /** Answer is a broadcast, whose receiver may not open the call. */
    public static final String TRAMPOLINE = "trampoline";
    /** The call screens stay behind the lock screen. */
    public static final String HIDDEN_BY_KEYGUARD = "hidden-by-keyguard";
    /** Telecom hears "active" before anybody is joined, and only the call screen joins. */
    public static final String ACTIVE_BEFORE_JOIN = "active-before-join";
    /** Nothing keeps the process alive during a call. */
    public static final String NO_FOREGROUND_SERVICE = "no-foreground-service";
    /** Buttons mean the newest connection, whatever their session, and all calls share their ids. */
    public static final String SINGLE_SLOT = "single-slot";
    /** It rings for ever and for calls that are over, and no missed call is told. */
    public static final String NO_TIMEOUT = "no-timeout";
    /** A push is dropped while the app is in front. */
    public static final String DROPS_IN_FOREGROUND = "drops-in-foreground";
    /** A second push of a session is a second call. */
    public static final String NO_DEDUPE = "no-dedupe";
    /** The caller's id becomes a telephone number. */
    public static final String TEL_URI = "tel-uri";
    /** A video answer, silence and abort do nothing. */
    public static final String MISSING_CALLBACKS = "missing-callbacks";
    /** The end of a call is sent three times. */
    public static final String REPEATED_END = "repeated-end";
    /** The call drops when its screen is destroyed. */
    public static final String LEAVES_ON_DESTROY = "leaves-on-destroy";
    /** The notification is silent and without CallStyle. */
    public static final String SILENT_NOTIFICATION = "silent-notification";
    /** A process that a push started cannot answer: only the main screen logs in. */
    public static final String NOT_LOGGED_IN = "not-logged-in";

    private static final String[] NAMES = {
        CRASH_AT_START, WRONG_CALLER_KEY, IGNORES_CALL_ACTION, NO_INCOMING_UI, PARCELABLE_EXTRAS, SILENT_FAILURE,
        TRAMPOLINE, HIDDEN_BY_KEYGUARD, ACTIVE_BEFORE_JOIN, NO_FOREGROUND_SERVICE, SINGLE_SLOT, NO_TIMEOUT,
        DROPS_IN_FOREGROUND, NO_DEDUPE, TEL_URI, MISSING_CALLBACKS, REPEATED_END, LEAVES_ON_DESTROY,
        SILENT_NOTIFICATION, NOT_LOGGED_IN,
    };

    private final Switches switches;

    public Defects(Context context, Trace trace) {
        switches = new Switches(context, FILE, "defect", NAMES, trace);
    }

    public boolean has(String name) {
        return switches.has(name);
    }

    /** All names. */
    public static String[] names() {
        return NAMES.clone();
    }
}
