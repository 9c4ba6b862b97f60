package org.ringproof.sample;

import android.Manifest;
import android.app.NotificationManager;
import android.content.Context;
import android.content.pm.PackageManager;
import android.os.Build;
import java.util.ArrayList;
import java.util.List;

/**
 * What the user has not allowed. No permission is needed for a call to ring: MANAGE_OWN_CALLS and
 * (before Android 14) full-screen intents are granted at installation. What is missing makes a call
 * poorer, and the main screen says how.
 */
final class Permissions {

    private Permissions() {
    }

    /** Runtime permissions that can be asked for, on this release. */
    static List<String> missing(Context context) {
        List<String> missing = new ArrayList<String>();
        add(context, missing, Manifest.permission.RECORD_AUDIO);
        add(context, missing, Manifest.permission.CAMERA);
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            add(context, missing, Manifest.permission.BLUETOOTH_CONNECT); // a normal one before
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            add(context, missing, Manifest.permission.POST_NOTIFICATIONS);
        }
        return missing;
    }

    private static void add(Context context, List<String> missing, String permission) {
        if (context.checkSelfPermission(permission) != PackageManager.PERMISSION_GRANTED) {
            missing.add(permission);
        }
    }

    static boolean mayNotify(Context context) {
        return context.getSystemService(NotificationManager.class).areNotificationsEnabled();
    }

    /** Android 14 lets the user take it away. */
    static boolean mayFillScreen(Context context) {
        return Build.VERSION.SDK_INT < Build.VERSION_CODES.UPSIDE_DOWN_CAKE
                || context.getSystemService(NotificationManager.class).canUseFullScreenIntent();
    }

    /** What works less well without it, for the user. */
    static int text(String permission) {
        switch (permission) {
            case Manifest.permission.RECORD_AUDIO:
                return R.string.permission_microphone;
            case Manifest.permission.CAMERA:
                return R.string.permission_camera;
            case Manifest.permission.BLUETOOTH_CONNECT:
                return R.string.permission_bluetooth;
            default:
                return R.string.permission_notifications;
        }
    }
}
