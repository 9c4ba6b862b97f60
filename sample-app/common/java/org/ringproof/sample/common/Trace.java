package org.ringproof.sample.common;

import android.content.Context;
import android.os.SystemClock;
import android.os.UserManager;
import android.util.Log;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Test door: what the app was asked and did, one JSON line each, in the log (tag
 * {@value #TAG}) and in {@code files/}{@value #FILE}, which {@code run-as} can read. Leave it out
 * when you copy from this app: the lines hold names of callers.
 *
 * <p>The file is written at once and not by a thread, so that a process that is killed the next
 * moment has told all.
 */
public final class Trace {

    public static final String TAG = "RingproofTrace";
    public static final String FILE = "ringproof-trace.jsonl";
    private static final long KEEP = 1 << 20;

    private final Context context;

    public Trace(Context context) {
        this.context = context;
    }

    public void event(String event, String session) {
        write(event, session, null, null);
    }

    public void event(String event, String session, String detail) {
        write(event, session, detail, null);
    }

    /** The whole push, as it came. */
    public void event(String event, String session, Map<String, String> data) {
        write(event, session, null, data);
    }

    private void write(String event, String session, String detail, Map<String, String> data) {
        JSONObject line = new JSONObject();
        try {
            line.put("event", event);
            // Milliseconds since boot, sleep included: the clock that no user can set.
            line.put("elapsed", SystemClock.elapsedRealtime());
            line.put("session", session == null ? "" : session);
            line.putOpt("detail", detail == null || detail.isEmpty() ? null : detail);
            if (data != null) {
                line.put("data", new JSONObject(data));
            }
        } catch (JSONException e) {
            Log.w(TAG, "trace line: " + e);
            return;
        }
        Log.i(TAG, line.toString());
        append(line + "\n");
    }

    private void append(String line) {
        // Before the first unlock after a restart the app's own files are still encrypted.
        UserManager users = context.getSystemService(UserManager.class);
        if (users != null && !users.isUserUnlocked()) {
            return;
        }
        File file = new File(context.getFilesDir(), FILE);
        try (OutputStream out = new FileOutputStream(file, file.length() < KEEP)) {
            out.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            Log.w(TAG, "trace file: " + e);
        }
    }
}
