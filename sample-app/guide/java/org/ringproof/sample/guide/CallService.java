package org.ringproof.sample.guide;

import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ServiceInfo;
import android.os.Build;
import android.os.IBinder;

/** The foreground service that the guide does not have: flaw 10, mended. */
public class CallService extends Service {

    static void start(Context context, CallData callData) {
        try {
            context.startForegroundService(MendedNotifications.call(context, CallService.class, callData));
        } catch (IllegalStateException | SecurityException e) {
            MyApplication.of(context).trace().event("startForegroundServiceFailed", callData.getSessionId(), e.toString());
        }
    }

    @SuppressWarnings("deprecation")
    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        CallData callData = intent.getParcelableExtra(CallNotificationManager.EXTRA_CALL_DATA);
        String session = callData.getSessionId();
        int id = MendedNotifications.id(this, "ongoing", session, 1002);
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
            startForeground(id, MendedNotifications.ongoing(this, callData), ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL);
        } else {
            startForeground(id, MendedNotifications.ongoing(this, callData));
        }
        CallConnection connection = CallConnectionHolder.getConnection(this, session);
        if (connection == null || connection.isEnded()) {
            finish();
        } else {
            MyApplication.of(this).registry().attach(this);
        }
        return START_NOT_STICKY;
    }

    void finish() {
        stopForeground(STOP_FOREGROUND_REMOVE);
        stopSelf();
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
