package org.ringproof.sample.common;

import android.telecom.DisconnectCause;

/** Names of disconnect causes, for the trace: DisconnectCause.toString is a whole sentence. */
public final class Causes {

    private Causes() {
    }

    /** The name of one of DisconnectCause's codes. */
    public static String name(int code) {
        switch (code) {
            case DisconnectCause.ERROR:
                return "ERROR";
            case DisconnectCause.LOCAL:
                return "LOCAL";
            case DisconnectCause.REMOTE:
                return "REMOTE";
            case DisconnectCause.CANCELED:
                return "CANCELED";
            case DisconnectCause.MISSED:
                return "MISSED";
            case DisconnectCause.REJECTED:
                return "REJECTED";
            case DisconnectCause.BUSY:
                return "BUSY";
            case DisconnectCause.ANSWERED_ELSEWHERE:
                return "ANSWERED_ELSEWHERE";
            default:
                return String.valueOf(code);
        }
    }
}
