package org.ringproof.sample.common;

import android.content.BroadcastReceiver;
import android.os.Bundle;
import android.util.Log;
import java.util.ArrayDeque;

/**
 * The way of a push from the receiver to {@code onMessageReceived}, as in Firebase's library:
 * duplicates by message id, message types and the transport's own keys end here. Real and test
 * deliveries share it, so that a test drives what production runs.
 *
 * <p>Messages with a notification block are not treated as the library does (which shows them
 * itself): a call push must be data only.
 */
public final class PushEntry {

    /** The app's own part: what it would write into its FirebaseMessagingService. */
    public interface Listener {
        void onMessageReceived(PushMessage message);

        void onNewToken(String token);
    }

    /** The application object implements it, since a receiver is made by the system. */
    public interface Owner {
        PushEntry pushEntry();
    }

    /** Result codes of the ordered broadcast, as the library's receiver gives them. */
    public static final int ACCEPTED = -1;
    public static final int ERROR = 500;

    private static final int REMEMBERED = 10;

    private final Listener listener;
    private final ArrayDeque<String> recent = new ArrayDeque<String>();

    public PushEntry(Listener listener) {
        this.listener = listener;
    }

    /** One push. The result code is for the sender of the broadcast. */
    public int receive(Bundle extras) {
        if (isDuplicate(extras.getString("google.message_id"))) {
            return ACCEPTED;
        }
        String type = extras.getString("message_type");
        if (type == null || type.isEmpty() || type.equals("gcm")) {
            listener.onMessageReceived(PushMessage.of(extras));
        }
        return ACCEPTED;
    }

    /** A new address for pushes. */
    public void token(String token) {
        listener.onNewToken(token);
    }

    /** Ids of this process only: a push that comes twice across a restart is the app's to recognise. */
    private boolean isDuplicate(String id) {
        if (id == null || id.isEmpty()) {
            return false;
        }
        if (recent.contains(id)) {
            Log.d("FirebaseMessaging", "Received duplicate message: " + id);
            return true;
        }
        recent.addLast(id);
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        return false;
    }

    /** Sets the result if the sender waits for one. */
    static void answer(BroadcastReceiver receiver, int code, String data) {
        if (!receiver.isOrderedBroadcast()) {
            return;
        }
        receiver.setResultCode(code);
        if (data != null) {
            receiver.setResultData(data);
        }
    }
}
