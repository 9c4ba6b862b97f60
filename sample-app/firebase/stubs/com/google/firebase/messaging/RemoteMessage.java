package com.google.firebase.messaging;

import java.util.Map;

/** Not Google's: see {@link FirebaseMessagingService}. */
public final class RemoteMessage {

    private RemoteMessage() {
    }

    /** The data of the push, without the transport's own keys. */
    public Map<String, String> getData() {
        throw new UnsupportedOperationException("a stub to compile against");
    }

    /** Milliseconds since 1970, 0 if unknown. */
    public long getSentTime() {
        throw new UnsupportedOperationException("a stub to compile against");
    }

    /** Seconds, 0 if unknown. */
    public int getTtl() {
        throw new UnsupportedOperationException("a stub to compile against");
    }
}
