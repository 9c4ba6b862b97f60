package org.ringproof.sample.common;

import android.os.Bundle;
import java.util.Map;
import java.util.TreeMap;

/** A data message, with the fields of Firebase's RemoteMessage that a call needs. */
public final class PushMessage {

    /** The payload: what the server put into "data". */
    public final Map<String, String> data;
    /** When the push service took it, ms since 1970 of the server's clock; 0 if it did not tell. */
    public final long sentTime;
    /** How long it was worth to be delivered, seconds; 0 if it did not tell. */
    public final long ttl;

    public PushMessage(Map<String, String> data, long sentTime, long ttl) {
        this.data = data;
        this.sentTime = sentTime;
        this.ttl = ttl;
    }

    /** Reads the extras of the broadcast as Firebase's library does: strings only, without the transport's own keys. */
    @SuppressWarnings("deprecation") // Bundle.get: the type of an extra is not known beforehand
    static PushMessage of(Bundle extras) {
        Map<String, String> data = new TreeMap<String, String>();
        for (String key : extras.keySet()) {
            Object value = extras.get(key);
            if (value instanceof String && !isTransport(key)) {
                data.put(key, (String) value);
            }
        }
        return new PushMessage(data, number(extras.get("google.sent_time")), number(extras.get("google.ttl")));
    }

    private static boolean isTransport(String key) {
        return key.startsWith("google.") || key.startsWith("gcm.") || key.equals("from")
                || key.equals("message_type") || key.equals("collapse_key");
    }

    /** A number or the text of one; 0 if it is neither. */
    public static long number(Object value) {
        if (value instanceof Number) {
            return ((Number) value).longValue();
        }
        if (value instanceof String) {
            try {
                return Long.parseLong((String) value);
            } catch (NumberFormatException e) {
                return 0;
            }
        }
        return 0;
    }
}
