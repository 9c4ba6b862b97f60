package org.ringproof.sample;

import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import org.ringproof.sample.devicetest.Defects;

/**
 * Intents that name one of the app's components and a call.
 *
 * <p>The call is in the data, too, not only in an extra: extras do not make two intents different,
 * and the system would give the second call the first one's PendingIntent.
 */
final class CallIntents {

    static final String ACTION_ANSWER = "action_accept_call";
    static final String ACTION_DECLINE = "action_reject_call";
    static final String ACTION_HANG_UP = "action_end_call";

    private CallIntents() {
    }

    static Intent of(Context context, String session, Class<?> component, String action) {
        Intent intent = new Intent(context, component);
        intent.setAction(action);
        intent.putExtra(CallData.EXTRA_SESSION, session);
        if (!SampleApplication.of(context).defects().has(Defects.SINGLE_SLOT)) {
            intent.setData(Uri.fromParts("ringproof", session, null));
        }
        if (android.app.Activity.class.isAssignableFrom(component)) {
            intent.setFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
        }
        return intent;
    }

    static String session(Intent intent) {
        return intent.getStringExtra(CallData.EXTRA_SESSION);
    }

    /** The full-screen question. */
    static PendingIntent question(Context context, String session) {
        return activity(context, 2, of(context, session, IncomingCallActivity.class, null));
    }

    /**
     * Answer opens the call screen itself. A receiver or a service behind a button may not start an
     * activity (Android 12, target 31: "notification trampoline").
     */
    static PendingIntent answer(Context context, String session) {
        if (SampleApplication.of(context).defects().has(Defects.TRAMPOLINE)) {
            return broadcast(context, 0, of(context, session, CallActionReceiver.class, ACTION_ANSWER));
        }
        return activity(context, 0, of(context, session, CallActivity.class, ACTION_ANSWER));
    }

    /** Decline opens nothing, so it is a broadcast: it works on the locked phone without a flash of the app. */
    static PendingIntent decline(Context context, String session) {
        return broadcast(context, 1, of(context, session, CallActionReceiver.class, ACTION_DECLINE));
    }

    static PendingIntent back(Context context, String session) {
        return activity(context, 3, of(context, session, CallActivity.class, null));
    }

    static PendingIntent hangUp(Context context, String session) {
        return broadcast(context, 4, of(context, session, CallActionReceiver.class, ACTION_HANG_UP));
    }

    /** After a missed call the app opens. */
    static PendingIntent app(Context context) {
        return activity(context, 5, new Intent(context, MainActivity.class).setFlags(Intent.FLAG_ACTIVITY_NEW_TASK));
    }

    // Immutable: nobody has to fill anything in, and from Android 12 on one must say which.

    private static PendingIntent activity(Context context, int request, Intent intent) {
        return PendingIntent.getActivity(context, request, intent,
                PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE);
    }

    private static PendingIntent broadcast(Context context, int request, Intent intent) {
        // In the foreground queue: a busy phone has broadcasts of other apps waiting before ours.
        intent.addFlags(Intent.FLAG_RECEIVER_FOREGROUND);
        return PendingIntent.getBroadcast(context, request, intent,
                PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE);
    }
}
