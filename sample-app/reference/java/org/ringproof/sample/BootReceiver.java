package org.ringproof.sample;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/**
 * Starts the process once after the phone started, before the first unlock and again after it, and
 * after an update of the app: {@link SampleApplication#onCreate} then registers the account. It does
 * nothing itself. Whether a push comes before the first unlock is up to its sender
 * (direct_boot_ok) and to Firebase's library for it.
 */
public class BootReceiver extends BroadcastReceiver {

    @Override
    public void onReceive(Context context, Intent intent) {
        SampleApplication.of(context).trace().event("boot", "", intent.getAction());
    }
}
