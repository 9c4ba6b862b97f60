package org.ringproof.sample.common;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;

/**
 * The receiver behind {@code com.google.firebase.iid.FirebaseInstanceIdReceiver}: ours, with the
 * library's contract towards the sender of the broadcast.
 */
public class FirebasePushReceiver extends BroadcastReceiver {

    @Override
    public void onReceive(Context context, Intent intent) {
        Bundle extras = intent.getExtras();
        if (extras == null || extras.isEmpty()) {
            PushEntry.answer(this, PushEntry.ERROR, null);
            return;
        }
        // Before the work: the code says that the push was taken, not that the app survived it.
        PushEntry.answer(this, PushEntry.ACCEPTED, null);
        ((PushEntry.Owner) context.getApplicationContext()).pushEntry().receive(extras);
    }
}
