package org.ringproof.sample.common;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;
import java.util.Map;
import java.util.TreeMap;
import org.json.JSONException;

/**
 * Test door: a signal, as if the server sent it over the app's own connection. It is taken and
 * guarded as {@link TestPushReceiver} takes a push; the result is {@link #NO_CONNECTION} if the
 * app has none now.
 */
public class TestSignalReceiver extends BroadcastReceiver {

    /** The application object implements it, since a receiver is made by the system. */
    public interface Owner {
        /** False if nothing is connected. */
        boolean signal(Map<String, String> data);
    }

    public static final String EXTRA_MESSAGE = "message_b64";
    public static final int NO_CONNECTION = 503;

    @Override
    public void onReceive(Context context, Intent intent) {
        Bundle extras;
        try {
            extras = TestPushReceiver.extras(intent.getStringExtra(EXTRA_MESSAGE));
        } catch (JSONException | IllegalArgumentException e) {
            PushEntry.answer(this, PushEntry.ERROR, TestPushReceiver.receipt(EXTRA_MESSAGE + ": " + e.getMessage()));
            return;
        }
        Map<String, String> data = new TreeMap<String, String>();
        for (String key : extras.keySet()) {
            data.put(key, extras.getString(key));
        }
        if (((Owner) context.getApplicationContext()).signal(data)) {
            PushEntry.answer(this, PushEntry.ACCEPTED, TestPushReceiver.receipt(null));
        } else {
            PushEntry.answer(this, NO_CONNECTION, TestPushReceiver.receipt("not connected"));
        }
    }
}
