package org.ringproof.sample.guide;

import android.app.Activity;
import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.app.Person;
import android.content.Context;
import android.content.Intent;
import android.media.AudioAttributes;
import android.media.RingtoneManager;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.service.notification.StatusBarNotification;
import org.ringproof.sample.common.Ids;
import org.ringproof.sample.guide.devicetest.Mended;

/** Notifications and intents as mended flaws make them, and what both kinds share. */
final class MendedNotifications {

    private static final String MISSED = "missed_calls";
    private static final String ONGOING = "ongoing_calls";
    private static final String SILENCED = "silenced_calls";

    private MendedNotifications() {
    }

    private static NotificationManager manager(Context context) {
        return (NotificationManager) context.getSystemService(Context.NOTIFICATION_SERVICE);
    }

    /** The guide's one channel. It makes it when it first needs it. */
    static void createIncomingChannel(Context context) {
        Mended mended = MyApplication.of(context).mended();
        NotificationChannel incoming = new NotificationChannel(CallNotificationManager.CHANNEL_ID, "Incoming Calls",
                NotificationManager.IMPORTANCE_HIGH);
        incoming.setDescription("Notifications for incoming calls");
        incoming.enableVibration(true);
        if (mended.has(Mended.SILENT_NOTIFICATION)) {
            incoming.setSound(RingtoneManager.getDefaultUri(RingtoneManager.TYPE_RINGTONE),
                    new AudioAttributes.Builder().setUsage(AudioAttributes.USAGE_NOTIFICATION_RINGTONE).build());
        } else {
            incoming.setSound(null, null); // flaw 19
        }
        manager(context).createNotificationChannel(incoming);
    }

    /** Those that mended flaws need, at every start. */
    static void createChannels(Context context) {
        Mended mended = MyApplication.of(context).mended();
        if (mended.has(Mended.SILENT_NOTIFICATION)) {
            createIncomingChannel(context);
        }
        if (mended.has(Mended.NO_TIMEOUT)) {
            manager(context).createNotificationChannel(
                    new NotificationChannel(MISSED, "Missed calls", NotificationManager.IMPORTANCE_DEFAULT));
        }
        if (mended.has(Mended.NO_FOREGROUND_SERVICE)) {
            NotificationChannel ongoing =
                    new NotificationChannel(ONGOING, "Ongoing calls", NotificationManager.IMPORTANCE_DEFAULT);
            ongoing.setSound(null, null);
            manager(context).createNotificationChannel(ongoing);
        }
        if (mended.has(Mended.MISSING_CALLBACKS)) {
            NotificationChannel silenced =
                    new NotificationChannel(SILENCED, "Silenced calls", NotificationManager.IMPORTANCE_HIGH);
            silenced.setSound(null, null);
            manager(context).createNotificationChannel(silenced);
        }
    }

    /** Flaw 11: a constant id; mended, one of the session. */
    static int id(Context context, String what, String session, int constant) {
        if (!MyApplication.of(context).mended().has(Mended.SINGLE_SLOT)) {
            return constant;
        }
        int id = Ids.hash(what + "/" + session) | 1 << 20;
        return what.equals("incoming") ? id & ~1 : id;
    }

    /** Flaw 11: calls differ in their extras only; mended, in their data too. */
    static Intent call(Context context, Class<?> component, CallData callData) {
        Intent intent = new Intent(context, component);
        intent.putExtra(CallNotificationManager.EXTRA_CALL_DATA, callData);
        intent.putExtra(CallActivity.EXTRA_SESSION_ID, callData.getSessionId());
        intent.putExtra(CallActivity.EXTRA_CALL_TYPE, callData.getCallType());
        if (Activity.class.isAssignableFrom(component)) {
            intent.setFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
        }
        if (MyApplication.of(context).mended().has(Mended.SINGLE_SLOT)) {
            intent.setData(Uri.fromParts("ringproof", callData.getSessionId(), null));
        }
        return intent;
    }

    /** Flaw 19, mended. */
    static Notification incoming(Context context, CallData callData) {
        Notification notification = incoming(context, callData, CallNotificationManager.CHANNEL_ID);
        notification.flags |= Notification.FLAG_INSISTENT;
        return notification;
    }

    private static Notification incoming(Context context, CallData callData, String channel) {
        Bundle session = new Bundle();
        session.putString(CallActivity.EXTRA_SESSION_ID, callData.getSessionId());
        PendingIntent screen = CallNotificationManager.fullScreen(context, callData);
        Notification.Builder builder = builder(context, channel, callData.getCallerName(), "Incoming call")
                .setCategory(Notification.CATEGORY_CALL)
                .setOngoing(true)
                .addExtras(session)
                .setContentIntent(screen)
                .setFullScreenIntent(screen, true);
        PendingIntent accept = CallNotificationManager.accept(context, callData);
        PendingIntent decline = CallNotificationManager.decline(context, callData);
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            builder.setStyle(Notification.CallStyle.forIncomingCall(person(callData), decline, accept));
        } else {
            builder.addAction(CallNotificationManager.action(context, "Decline", decline));
            builder.addAction(CallNotificationManager.action(context, "Answer", accept));
        }
        return builder.build();
    }

    /** Flaw 16, mended. */
    static void silence(Context context, CallData callData) {
        if (!MyApplication.of(context).mended().has(Mended.SILENT_NOTIFICATION)) {
            return; // it makes no sound
        }
        // On a channel without sound and vibration: an update that only says "once" lets a sound
        // that plays go on.
        Notification notification = incoming(context, callData, SILENCED);
        notification.flags |= Notification.FLAG_ONLY_ALERT_ONCE;
        manager(context).notify(CallNotificationManager.id(context, callData.getSessionId()), notification);
    }

    /** Flaw 10, mended. */
    static Notification ongoing(Context context, CallData callData) {
        PendingIntent hangUp = CallNotificationManager.hangUp(context, callData);
        Notification.Builder builder = builder(context, ONGOING, callData.getCallerName(), "Ongoing call")
                .setCategory(Notification.CATEGORY_CALL)
                .setOngoing(true)
                .setContentIntent(PendingIntent.getActivity(context, 3, call(context, CallActivity.class, callData),
                        PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE));
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            builder.setStyle(Notification.CallStyle.forOngoingCall(person(callData), hangUp));
        } else {
            builder.addAction(CallNotificationManager.action(context, "End", hangUp));
        }
        return builder.build();
    }

    /** Flaw 12, mended. */
    static void missed(Context context, String session, String name) {
        manager(context).notify(id(context, "missed", session, 1003), builder(context, MISSED, "Missed call", name)
                .setCategory("missed_call")
                .setAutoCancel(true)
                .setContentIntent(PendingIntent.getActivity(context, 5,
                        new Intent(context, MainActivity.class).setFlags(Intent.FLAG_ACTIVITY_NEW_TASK),
                        PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE))
                .build());
    }

    static void cancelMissed(Context context, String session) {
        manager(context).cancel(id(context, "missed", session, 1003));
    }

    /** Flaw 12, mended: what a process left that died while it rang. */
    static void settleLostCalls(MyApplication app) {
        for (StatusBarNotification shown : manager(app).getActiveNotifications()) {
            String session = shown.getNotification().extras.getString(CallActivity.EXTRA_SESSION_ID);
            String channel = shown.getNotification().getChannelId();
            if (session != null && (CallNotificationManager.CHANNEL_ID.equals(channel) || SILENCED.equals(channel))) {
                manager(app).cancel(shown.getId());
                CharSequence name = shown.getNotification().extras.getCharSequence(Notification.EXTRA_TITLE);
                app.trace().event("missed", session);
                missed(app, session, String.valueOf(name));
            }
        }
    }

    private static Notification.Builder builder(Context context, String channel, String title, String text) {
        return new Notification.Builder(context, channel)
                .setSmallIcon(R.drawable.ic_call)
                .setContentTitle(title)
                .setContentText(text)
                .setVisibility(Notification.VISIBILITY_PUBLIC);
    }

    private static Person person(CallData callData) {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) {
            throw new UnsupportedOperationException("Person is of Android 9");
        }
        // CallStyle throws without a name.
        String name = callData.getCallerName().isEmpty() ? callData.getCallerUid() : callData.getCallerName();
        return new Person.Builder().setName(name).build();
    }
}
