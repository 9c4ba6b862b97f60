package org.ringproof.sample.guide;

public class CallActionReceiver extends android.content.BroadcastReceiver {
    @Override
    public void onReceive(android.content.Context context, android.content.Intent intent) {
    }
}
