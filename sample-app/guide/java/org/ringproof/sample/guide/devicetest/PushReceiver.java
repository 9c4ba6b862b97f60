package org.ringproof.sample.guide.devicetest;

public class PushReceiver extends android.content.BroadcastReceiver {
    @Override
    public void onReceive(android.content.Context context, android.content.Intent intent) {
    }
}
