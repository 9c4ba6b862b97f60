package org.ringproof.sample.guide;

public class CallService extends android.app.Service {
    @Override
    public android.os.IBinder onBind(android.content.Intent intent) {
        return null;
    }
}
