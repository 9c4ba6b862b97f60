package org.ringproof.sample.guide;

import android.app.Notification;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.graphics.drawable.Icon;
import android.os.Bundle;
import android.telecom.TelecomManager;
import android.util.Log;
import org.ringproof.sample.guide.devicetest.Mended;

/** Step 4. */
final class CallNotificationManager {

    static final String ACTION_ACCEPT_CALL = "action_accept_call";
    static final String ACTION_REJECT_CALL = "action_reject_call";
    static final String ACTION_END_CALL = "action_end_call";
    static final String EXTRA_CALL_DATA = "extra_call_data";
    static final String CHANNEL_ID = "incoming_calls";
    private static final String TAG = "CallNotificationManager";
    // Flaw 11: one id, and the same request codes, for every call: the second one takes the place
    // of the first, and its extras get into the first one's buttons.
    private static final int NOTIFICATION_ID = 1001;

    private CallNotificationManager() {
    }

    static void showIncomingCall(Context context, CallData callData) {
        TelecomManager telecomManager = (TelecomManager) context.getSystemService(Context.TELECOM_SERVICE);
        MyApplication app = MyApplication.of(context);
        app.trace().event("addNewIncomingCall", callData.getSessionId());
        try {
            telecomManager.addNewIncomingCall(PhoneAccountManager.getPhoneAccountHandle(context),
                    extras(context, callData));
        } catch (Exception e) {
            Log.e(TAG, "Failed to show incoming call: " + e.getMessage());
            app.trace().event("addNewIncomingCallFailed", callData.getSessionId(), e.toString());
            showFallbackNotification(context, callData);
        }
    }

    private static Bundle extras(Context context, CallData callData) {
        Bundle extras = new Bundle();
        if (MyApplication.of(context).mended().has(Mended.PARCELABLE_EXTRAS)) {
            extras.putParcelable(TelecomManager.EXTRA_INCOMING_CALL_ADDRESS,
                    PhoneAccountManager.address(context, callData));
            extras.putBundle(TelecomManager.EXTRA_INCOMING_CALL_EXTRAS, CallRegistry.strings(callData));
            return extras;
        }
        // Flaw 5: a class of this app's own, on its way through the system's process. Flaw 15: no
        // EXTRA_INCOMING_CALL_ADDRESS, so Telecom does not know who calls.
        extras.putParcelable(CallConnectionService.EXTRA_CALL_DATA, callData);
        extras.putParcelable(TelecomManager.EXTRA_PHONE_ACCOUNT_HANDLE,
                PhoneAccountManager.getPhoneAccountHandle(context));
        return extras;
    }

    static void placeOutgoingCall(Context context, CallData callData) {
        TelecomManager telecomManager = (TelecomManager) context.getSystemService(Context.TELECOM_SERVICE);
        Bundle extras = new Bundle();
        extras.putParcelable(CallConnectionService.EXTRA_CALL_DATA, callData);
        extras.putParcelable(TelecomManager.EXTRA_PHONE_ACCOUNT_HANDLE,
                PhoneAccountManager.getPhoneAccountHandle(context));
        try {
            telecomManager.placeCall(PhoneAccountManager.address(context, callData), extras);
        } catch (SecurityException e) {
            Log.e(TAG, "Permission denied: " + e.getMessage());
        }
    }

    /** What the guide posts if Telecom throws, and only then. */
    @SuppressWarnings("deprecation") // setPriority: the guide's call, without effect since channels
    static void showFallbackNotification(Context context, CallData callData) {
        MyApplication app = MyApplication.of(context);
        if (app.mended().has(Mended.NO_TIMEOUT)) {
            MendedNotifications.cancelMissed(context, callData.getSessionId());
        }
        NotificationManager manager = (NotificationManager) context.getSystemService(Context.NOTIFICATION_SERVICE);
        if (app.mended().has(Mended.SILENT_NOTIFICATION)) {
            manager.notify(id(context, callData.getSessionId()), MendedNotifications.incoming(context, callData));
            return;
        }
        MendedNotifications.createIncomingChannel(context);
        // Flaw 19: the channel (createIncomingChannel) is without a sound, "we'll play
        // our own ringtone", and nothing ever plays one. No CallStyle: with notifications denied
        // (Android 13) the call is not shown at all, and from 14 on it can be swiped away.
        Bundle session = new Bundle();
        session.putString(CallActivity.EXTRA_SESSION_ID, callData.getSessionId());
        Notification notification = new Notification.Builder(context, CHANNEL_ID)
                .setSmallIcon(R.drawable.ic_call)
                .setContentTitle("Incoming " + callData.getCallType() + " call")
                .setContentText(callData.getCallerName() + " is calling...")
                .setPriority(Notification.PRIORITY_MAX)
                .setCategory(Notification.CATEGORY_CALL)
                .setAutoCancel(true)
                .setOngoing(true)
                .setFullScreenIntent(fullScreen(context, callData), true)
                .addExtras(session) // not the guide's: the next process must know what it left
                .addAction(action(context, "Decline", decline(context, callData)))
                .addAction(action(context, "Accept", accept(context, callData)))
                .build();
        manager.notify(id(context, callData.getSessionId()), notification);
    }

    /**
     * Flaw 7: a broadcast, whose receiver then starts the call screen. From Android 12 on that is a
     * notification trampoline and blocked; the wait for the server before it uses up what grace
     * older releases give.
     */
    static PendingIntent accept(Context context, CallData callData) {
        if (MyApplication.of(context).mended().has(Mended.TRAMPOLINE)) {
            Intent intent = MendedNotifications.call(context, CallActivity.class, callData);
            intent.setAction(ACTION_ACCEPT_CALL);
            return PendingIntent.getActivity(context, 0, intent, flags());
        }
        return broadcast(context, 0, ACTION_ACCEPT_CALL, callData);
    }

    static PendingIntent decline(Context context, CallData callData) {
        return broadcast(context, 1, ACTION_REJECT_CALL, callData);
    }

    static PendingIntent hangUp(Context context, CallData callData) {
        return broadcast(context, 4, ACTION_END_CALL, callData);
    }

    static PendingIntent fullScreen(Context context, CallData callData) {
        return PendingIntent.getActivity(context, 2,
                MendedNotifications.call(context, IncomingCallActivity.class, callData), flags());
    }

    private static PendingIntent broadcast(Context context, int request, String action, CallData callData) {
        Intent intent = MendedNotifications.call(context, CallActionReceiver.class, callData);
        intent.setAction(action);
        return PendingIntent.getBroadcast(context, request, intent, flags());
    }

    private static int flags() {
        return PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE;
    }

    static Notification.Action action(Context context, String title, PendingIntent intent) {
        return new Notification.Action.Builder(Icon.createWithResource(context, R.drawable.ic_call), title, intent)
                .build();
    }

    static int id(Context context, String sessionId) {
        return MendedNotifications.id(context, "incoming", sessionId, NOTIFICATION_ID);
    }

    static void cancelNotification(Context context, String sessionId) {
        NotificationManager manager = (NotificationManager) context.getSystemService(Context.NOTIFICATION_SERVICE);
        manager.cancel(id(context, sessionId));
    }
}
