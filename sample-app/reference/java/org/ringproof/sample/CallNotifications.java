package org.ringproof.sample;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.app.Person;
import android.content.Context;
import android.graphics.drawable.Icon;
import android.media.AudioAttributes;
import android.media.RingtoneManager;
import android.os.Build;
import android.os.Bundle;
import android.service.notification.StatusBarNotification;
import org.ringproof.sample.common.Ids;
import org.ringproof.sample.common.Trace;
import org.ringproof.sample.devicetest.Defects;

/**
 * The app's notifications. The system plays the ringtone of the channel: it follows volume, Do Not
 * Disturb and vibration of the phone, needs no process of ours that stays alive, and is heard on
 * Android 17, which silences apps that play from the background.
 */
public final class CallNotifications {

    static final String INCOMING = "incoming_calls";
    static final String MISSED = "missed_calls";
    static final String ONGOING = "ongoing_calls";
    /** Where a ringing call goes after a volume key: the same, without sound and vibration. */
    static final String SILENCED = "silenced_calls";

    private final Context context;
    private final NotificationManager manager;
    private final Trace trace;
    private final Defects defects;

    CallNotifications(Context context, Trace trace, Defects defects) {
        this.context = context;
        this.manager = context.getSystemService(NotificationManager.class);
        this.trace = trace;
        this.defects = defects;
    }

    /**
     * At every start of the process. What a channel sounds like is fixed by its first creation (the
     * user owns it from then on), so it must be right before the first push.
     */
    void createChannels() {
        NotificationChannel incoming = channel(INCOMING, R.string.channel_incoming, NotificationManager.IMPORTANCE_HIGH);
        incoming.setSound(RingtoneManager.getDefaultUri(RingtoneManager.TYPE_RINGTONE), new AudioAttributes.Builder()
                .setUsage(AudioAttributes.USAGE_NOTIFICATION_RINGTONE)
                .setContentType(AudioAttributes.CONTENT_TYPE_SONIFICATION)
                .build());
        incoming.enableVibration(true);
        incoming.setVibrationPattern(new long[] {0, 1000, 1000});
        if (defects.has(Defects.SILENT_NOTIFICATION)) {
            incoming.setSound(null, null);
        }
        manager.createNotificationChannel(incoming);
        manager.createNotificationChannel(
                channel(MISSED, R.string.channel_missed, NotificationManager.IMPORTANCE_DEFAULT));
        NotificationChannel ongoing = channel(ONGOING, R.string.channel_ongoing, NotificationManager.IMPORTANCE_DEFAULT);
        ongoing.setSound(null, null);
        ongoing.setShowBadge(false);
        manager.createNotificationChannel(ongoing);
        NotificationChannel silenced = channel(SILENCED, R.string.channel_silenced, NotificationManager.IMPORTANCE_HIGH);
        silenced.setSound(null, null);
        silenced.enableVibration(false);
        silenced.setShowBadge(false);
        manager.createNotificationChannel(silenced);
    }

    private NotificationChannel channel(String id, int name, int importance) {
        NotificationChannel channel = new NotificationChannel(id, context.getString(name), importance);
        // Who calls is shown on the lock screen, as every telephone does.
        channel.setLockscreenVisibility(Notification.VISIBILITY_PUBLIC);
        return channel;
    }

    // A call's ids are made of its session: a second call must not take the place of the first.

    private int incomingId(String session) {
        return defects.has(Defects.SINGLE_SLOT) ? 1001 : Ids.hash("incoming/" + session) & ~1 | 1 << 20;
    }

    int ongoingId(String session) {
        return defects.has(Defects.SINGLE_SLOT) ? 1002 : Ids.hash("ongoing/" + session) | 1 << 20;
    }

    private int missedId(String session) {
        return defects.has(Defects.SINGLE_SLOT) ? 1003 : Ids.hash("missed/" + session) | 1 << 20;
    }

    /**
     * Tells the user of a ringing call, or shows it again without a sound. Whether it fills the
     * screen (the phone is locked) or comes down from the top is the system's choice.
     */
    void showIncoming(Call call) {
        cancelMissed(call.data.session);
        manager.notify(incomingId(call.data.session), incoming(call));
    }

    private Notification incoming(Call call) {
        String session = call.data.session;
        String channel = call.isSilenced() ? SILENCED : INCOMING;
        Notification.Builder builder = builder(channel, call.data.name, context.getString(R.string.incoming_call));
        PendingIntent question = CallIntents.question(context, session);
        Bundle extras = new Bundle();
        extras.putString(CallData.EXTRA_SESSION, session);
        builder.setCategory(Notification.CATEGORY_CALL)
                .setOngoing(true)
                .setContentIntent(question)
                .addExtras(extras);
        // If this process dies or is frozen while it rings, the system still ends the ring.
        if (!defects.has(Defects.NO_TIMEOUT)) {
            builder.setTimeoutAfter(RingTimer.TIMEOUT_MILLIS + 15000);
        }
        // Android 10 wants USE_FULL_SCREEN_INTENT for it; from 14 on the user can take it away, and
        // the notification then stays at the top of the screen.
        builder.setFullScreenIntent(question, true);
        boolean plain = defects.has(Defects.SILENT_NOTIFICATION);
        style(builder, call, plain);
        Notification notification = builder.build();
        if (!plain && !call.isSilenced()) {
            // Again and again until somebody acts, as a ringtone does.
            notification.flags |= Notification.FLAG_INSISTENT;
        }
        if (call.isSilenced()) {
            notification.flags |= Notification.FLAG_ONLY_ALERT_ONCE;
        }
        return notification;
    }

    /**
     * Android 12: CallStyle, which ranks the call above all else and, in a self-managed app, is shown
     * even if notifications are not allowed (13). It needs a full-screen intent or a foreground
     * service. Before: the same two buttons by hand.
     */
    private void style(Notification.Builder builder, Call call, boolean plain) {
        PendingIntent answer = CallIntents.answer(context, call.data.session);
        PendingIntent decline = CallIntents.decline(context, call.data.session);
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S && !plain) {
            builder.setStyle(Notification.CallStyle.forIncomingCall(person(call.data), decline, answer)
                    .setIsVideo(call.data.video));
            return;
        }
        builder.addAction(action(R.string.decline, decline));
        builder.addAction(action(R.string.answer, answer));
    }

    /** The notification of the foreground service: it leads back to the call, and ends it. */
    Notification ongoing(Call call) {
        PendingIntent hangUp = CallIntents.hangUp(context, call.data.session);
        Notification.Builder builder = builder(ONGOING, call.data.name, context.getString(R.string.ongoing_call))
                .setCategory(Notification.CATEGORY_CALL)
                .setOngoing(true)
                .setContentIntent(CallIntents.back(context, call.data.session));
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            builder.setStyle(Notification.CallStyle.forOngoingCall(person(call.data), hangUp)
                    .setIsVideo(call.data.video));
        } else {
            builder.addAction(action(R.string.end, hangUp));
        }
        return builder.build();
    }

    /** What the service shows if the call ended before it could start. */
    Notification over() {
        return builder(ONGOING, context.getString(R.string.call_ended), "").build();
    }

    /** Tells of a call that nobody took. The system does not, for a self-managed app. */
    void missed(CallData data) {
        trace.event("missed", data.session);
        if (defects.has(Defects.NO_TIMEOUT)) {
            return;
        }
        manager.notify(missedId(data.session), missed(data.name));
    }

    private Notification missed(String name) {
        return builder(MISSED, context.getString(R.string.missed_call), name)
                .setCategory(category())
                .setAutoCancel(true)
                .setContentIntent(CallIntents.app(context))
                .build();
    }

    private static String category() {
        // The constant is of API 31; its text means nothing to older releases and does no harm.
        return "missed_call";
    }

    void cancelIncoming(String session) {
        manager.cancel(incomingId(session));
    }

    void cancelMissed(String session) {
        manager.cancel(missedId(session));
    }

    /**
     * Takes away what an earlier process of the app left on the screen: it died while it rang, and
     * its call at Telecom died with it. Its buttons would do nothing.
     */
    void settleLostCalls() {
        if (defects.has(Defects.NO_TIMEOUT)) {
            return;
        }
        for (StatusBarNotification shown : manager.getActiveNotifications()) {
            Notification notification = shown.getNotification();
            String session = notification.extras.getString(CallData.EXTRA_SESSION);
            String channel = notification.getChannelId();
            if (session == null || !INCOMING.equals(channel) && !SILENCED.equals(channel)) {
                continue;
            }
            manager.cancel(shown.getId());
            CharSequence name = notification.extras.getCharSequence(Notification.EXTRA_TITLE);
            missed(new CallData(session, "", name == null ? "" : name.toString(), false));
        }
    }

    private Notification.Builder builder(String channel, String title, String text) {
        return new Notification.Builder(context, channel)
                .setSmallIcon(R.drawable.ic_call)
                .setContentTitle(title)
                .setContentText(text)
                .setVisibility(Notification.VISIBILITY_PUBLIC);
    }

    private static Person person(CallData data) {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) {
            throw new UnsupportedOperationException("Person is of Android 9");
        }
        return new Person.Builder().setName(data.name).setImportant(true).build();
    }

    private Notification.Action action(int title, PendingIntent intent) {
        return new Notification.Action.Builder(Icon.createWithResource(context, R.drawable.ic_call),
                context.getString(title), intent).build();
    }
}
