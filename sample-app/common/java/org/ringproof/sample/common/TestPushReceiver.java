package org.ringproof.sample.common;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;
import android.os.Process;
import android.util.Base64;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Test door: takes the extras of a push as base64 of a JSON object of strings, which needs no
 * quoting in any shell. The manifest guards it with {@code android.permission.DUMP}, which adb's
 * shell holds on every phone and no ordinary app can get. The receipt is the broadcast's result.
 *
 * <p>An extra {@code token} instead of the payload is a new push token. A broadcast of {@link
 * #ACTION_CALL} has the app call somebody, as its user does on its main screen.
 */
public class TestPushReceiver extends BroadcastReceiver {

    /** The application object implements it, if the app makes calls. */
    public interface Caller {
        void call(String callee, String session);
    }

    public static final String ACTION_CALL = "org.ringproof.devicetest.CALL";
    /** Whom to call, and the session that the call has at the server: strings. */
    public static final String EXTRA_CALLEE = "callee";
    public static final String EXTRA_SESSION = "session";
    public static final String EXTRA_PAYLOAD = "payload_b64";
    public static final String EXTRA_TOKEN = "token";

    @Override
    public void onReceive(Context context, Intent intent) {
        if (ACTION_CALL.equals(intent.getAction())) {
            call(context.getApplicationContext(), intent.getStringExtra(EXTRA_CALLEE), intent.getStringExtra(EXTRA_SESSION));
            return;
        }
        PushEntry entry = ((PushEntry.Owner) context.getApplicationContext()).pushEntry();
        String token = intent.getStringExtra(EXTRA_TOKEN);
        if (token != null) {
            PushEntry.answer(this, PushEntry.ACCEPTED, receipt(null));
            entry.token(token);
            return;
        }
        Bundle extras;
        try {
            extras = extras(intent.getStringExtra(EXTRA_PAYLOAD));
        } catch (JSONException | IllegalArgumentException e) {
            PushEntry.answer(this, PushEntry.ERROR, receipt(EXTRA_PAYLOAD + ": " + e.getMessage()));
            return;
        }
        PushEntry.answer(this, PushEntry.ACCEPTED, receipt(null));
        entry.receive(extras);
    }

    private void call(Context app, String callee, String session) {
        if (!(app instanceof Caller)) {
            PushEntry.answer(this, PushEntry.ERROR, receipt("this app calls nobody"));
        } else if (callee == null || session == null) {
            PushEntry.answer(this, PushEntry.ERROR, receipt(EXTRA_CALLEE + " or " + EXTRA_SESSION + ": missing"));
        } else {
            PushEntry.answer(this, PushEntry.ACCEPTED, receipt(null));
            ((Caller) app).call(callee, session);
        }
    }

    static Bundle extras(String payload) throws JSONException {
        if (payload == null) {
            throw new IllegalArgumentException("missing");
        }
        JSONObject json = new JSONObject(new String(Base64.decode(payload, Base64.DEFAULT), StandardCharsets.UTF_8));
        Bundle extras = new Bundle();
        for (Iterator<String> keys = json.keys(); keys.hasNext();) {
            String key = keys.next();
            Object value = json.get(key);
            if (!(value instanceof String)) {
                throw new JSONException(key + " is no string");
            }
            extras.putString(key, (String) value);
        }
        return extras;
    }

    static String receipt(String error) {
        // By hand: the order and form of the short receipt are part of the contract.
        String pid = "{\"pid\":" + Process.myPid();
        return error == null ? pid + "}" : pid + ",\"error\":" + JSONObject.quote(error) + "}";
    }
}
