package org.ringproof.sample;

import android.Manifest;
import android.app.Notification;
import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.content.pm.ServiceInfo;
import android.os.Build;
import android.os.IBinder;

/**
 * The foreground service of answered calls: it keeps the process alive when its screen is gone or
 * swiped away, and (Android 11) lets the call go on using the microphone.
 *
 * <p>Type phoneCall may be started with MANAGE_OWN_CALLS alone, so a call can be answered without
 * the microphone's permission. Type microphone joins in when that is granted and the app is in
 * front.
 */
public class CallService extends Service {

    private static final int OVER_ID = 1002;

    private boolean hasMicrophone;

    /**
     * Called while Android lets: the user just pressed Answer in an activity of ours, or Telecom,
     * which is bound to the process, asked for the answer.
     */
    static void start(SampleApplication app, Call call) {
        try {
            app.startForegroundService(CallIntents.of(app, call.data.session, CallService.class, null));
        } catch (IllegalStateException | SecurityException e) {
            // ForegroundServiceStartNotAllowedException (Android 12) is an IllegalStateException. The
            // call goes on while it can: Telecom's binding carries it for now.
            app.trace().event("startForegroundServiceFailed", call.data.session, e.toString());
        }
    }

    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        SampleApplication app = SampleApplication.of(this);
        Call call = intent == null ? null : app.calls().find(CallIntents.session(intent));
        if (call == null || call.phase() == Call.Phase.ENDED) {
            // startForegroundService was a promise. A call that ended meanwhile keeps it with nothing
            // to show, or Android ends the process; another call on the service keeps its place.
            Call other = app.calls().answeredBeside(null);
            if (other != null && other.service() == this) {
                show(other);
                return START_NOT_STICKY;
            }
            foreground(OVER_ID, app.notifications().over());
            finish();
            return START_NOT_STICKY;
        }
        call.attach(this);
        show(call);
        return START_NOT_STICKY; // a process that died has lost its call: nothing to restart for
    }

    /** Puts the call's notification on the service, in the place of another's. */
    void show(Call call) {
        SampleApplication app = SampleApplication.of(this);
        foreground(app.notifications().ongoingId(call.data.session), app.notifications().ongoing(call));
    }

    /** Once the call's screen is in front or the permission came: now the microphone may join. */
    void refresh(Call call) {
        if (!hasMicrophone && mayRecord() && Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            show(call);
        }
    }

    void finish() {
        stopForeground(STOP_FOREGROUND_REMOVE);
        stopSelf();
    }

    private void foreground(int id, Notification notification) {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) {
            startForeground(id, notification); // no types before Android 10
            return;
        }
        int type = ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL;
        hasMicrophone = Build.VERSION.SDK_INT >= Build.VERSION_CODES.R && mayRecord();
        if (hasMicrophone) {
            type |= ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE;
        }
        try {
            startForeground(id, notification, type);
        } catch (SecurityException e) {
            // Android 14: microphone may not be started from the background, as by a headset's answer.
            SampleApplication.of(this).trace().event("startForegroundFailed", "", e.toString());
            hasMicrophone = false;
            startForeground(id, notification, ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL);
        }
    }

    private boolean mayRecord() {
        return checkSelfPermission(Manifest.permission.RECORD_AUDIO) == PackageManager.PERMISSION_GRANTED;
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
