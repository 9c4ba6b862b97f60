package org.ringproof.sample.guide.devicetest;

import android.content.Context;
import org.ringproof.sample.common.Switches;
import org.ringproof.sample.common.Trace;

/**
 * Test door: flaws that are taken away. Names go into {@code files/ringproof-mended}, one a line,
 * before the process starts. The first flaw hides all others, so it is nearly always among them.
 */
public final class Mended {

    public static final String FILE = "ringproof-mended";

    public static final String CRASH_AT_START = "crash-at-start"; // 1
    public static final String WRONG_CALLER_KEY = "wrong-caller-key"; // 2
    public static final String IGNORES_CALL_ACTION = "ignores-call-action"; // 3
    public static final String NO_INCOMING_UI = "no-incoming-ui"; // 4
    public static final String PARCELABLE_EXTRAS = "parcelable-extras"; // 5
    public static final String SILENT_FAILURE = "silent-failure"; // 6
    public static final String TRAMPOLINE = "trampoline"; // 7
    public static final String HIDDEN_BY_KEYGUARD = "hidden-by-keyguard"; // 8
    public static final String ACTIVE_BEFORE_JOIN = "active-before-join"; // 9
    public static final String NO_FOREGROUND_SERVICE = "no-foreground-service"; // 10
    public static final String SINGLE_SLOT = "single-slot"; // 11
    public static final String NO_TIMEOUT = "no-timeout"; // 12
    public static final String DROPS_IN_FOREGROUND = "drops-in-foreground"; // 13
    public static final String NO_DEDUPE = "no-dedupe"; // 14
    public static final String TEL_URI = "tel-uri"; // 15
    public static final String MISSING_CALLBACKS = "missing-callbacks"; // 16
    public static final String REPEATED_END = "repeated-end"; // 17
    public static final String LEAVES_ON_DESTROY = "leaves-on-destroy"; // 18
    public static final String SILENT_NOTIFICATION = "silent-notification"; // 19
    public static final String NOT_LOGGED_IN = "not-logged-in"; // 21
    // Flaw 20 is wrong advice in a text, flaw 22 lies in the manifest: no switch mends them.

    private static final String[] NAMES = {
        CRASH_AT_START, WRONG_CALLER_KEY, IGNORES_CALL_ACTION, NO_INCOMING_UI, PARCELABLE_EXTRAS, SILENT_FAILURE,
        TRAMPOLINE, HIDDEN_BY_KEYGUARD, ACTIVE_BEFORE_JOIN, NO_FOREGROUND_SERVICE, SINGLE_SLOT, NO_TIMEOUT,
        DROPS_IN_FOREGROUND, NO_DEDUPE, TEL_URI, MISSING_CALLBACKS, REPEATED_END, LEAVES_ON_DESTROY,
        SILENT_NOTIFICATION, NOT_LOGGED_IN,
    };

    private final Switches switches;

    public Mended(Context context, Trace trace) {
        switches = new Switches(context, FILE, "mended", NAMES, trace);
    }

    public boolean has(String flaw) {
        return switches.has(flaw);
    }

    public static String[] names() {
        return NAMES.clone();
    }
}
