package org.ringproof.sample.guide;

import android.content.Context;
import org.ringproof.sample.guide.devicetest.Mended;

/**
 * Step 3.3. Flaw 11: one slot for all calls, and nobody asks which session is in it. A button of the
 * second call answers the first; after the process died the slot is empty and buttons act at the
 * server alone; a call that was declined stays in it.
 */
final class CallConnectionHolder {

    private static CallConnection connection;

    private CallConnectionHolder() {
    }

    static void setConnection(CallConnection conn) {
        connection = conn;
    }

    static CallConnection getConnection() {
        return connection;
    }

    /** The connection that a button of this session gets: the guide's is the one in the slot. */
    static CallConnection getConnection(Context context, String sessionId) {
        MyApplication app = MyApplication.of(context);
        return app.mended().has(Mended.SINGLE_SLOT) ? app.registry().connection(sessionId) : connection;
    }

    static void endCall(Context context, String sessionId) {
        CallConnection one = getConnection(context, sessionId);
        if (one != null) {
            one.endCall();
            connection = null;
        }
    }

    static boolean hasActiveConnection() {
        return connection != null;
    }
}
