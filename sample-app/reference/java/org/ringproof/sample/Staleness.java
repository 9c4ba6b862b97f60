package org.ringproof.sample;

import org.ringproof.sample.common.PushMessage;

/**
 * Whether anybody can still be calling. A push may come hours late: the phone was off, in a tunnel,
 * in Doze. The one place that uses the wall clock, since the server cannot know ours since boot;
 * a clock that is behind makes a call ring late at worst, one that is ahead makes it a missed call.
 */
final class Staleness {

    static final long RING_WINDOW_MILLIS = 60000;

    private Staleness() {
    }

    static boolean isStale(PushMessage message, long now) {
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
}
