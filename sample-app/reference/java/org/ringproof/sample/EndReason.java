package org.ringproof.sample;

import android.telecom.DisconnectCause;

/** Why the server says that a call is over: the words of {@code callAction}. */
enum EndReason {
    /** The caller hung up before an answer. */
    CANCELLED(DisconnectCause.CANCELED, true),
    /** The server gave up. */
    UNANSWERED(DisconnectCause.MISSED, true),
    /** The user answered, on this phone or another one. */
    ONGOING(DisconnectCause.ANSWERED_ELSEWHERE, false),
    /** The user declined on another phone. */
    REJECTED(DisconnectCause.REJECTED, false),
    ENDED(DisconnectCause.REMOTE, true),
    BUSY(DisconnectCause.BUSY, true);

    /** For Telecom. */
    final int cause;
    /** Whether the user missed the call if it still rang: not if they took or declined it elsewhere. */
    final boolean missed;

    EndReason(int cause, boolean missed) {
        this.cause = cause;
        this.missed = missed;
    }

    /** Null for a word that ends nothing. */
    static EndReason of(String callAction) {
        for (EndReason reason : values()) {
            if (reason.name().toLowerCase(java.util.Locale.ROOT).equals(callAction)) {
                return reason;
            }
        }
        return null;
    }

    /** Whether it ends a call that was answered here: "ongoing" is the echo of our own answer. */
    boolean endsAnswered() {
        return this == CANCELLED || this == ENDED;
    }
}
