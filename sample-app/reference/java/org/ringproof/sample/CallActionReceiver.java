package org.ringproof.sample;

public class CallActionReceiver extends android.content.BroadcastReceiver {
    @Override
    public void onReceive(android.content.Context context, android.content.Intent intent) {
    }
}
