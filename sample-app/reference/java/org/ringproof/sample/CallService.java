package org.ringproof.sample;

public class CallService extends android.app.Service {
    @Override
    public android.os.IBinder onBind(android.content.Intent intent) {
        return null;
    }
}
