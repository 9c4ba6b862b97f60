package org.ringproof.sample;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Buttons of notifications that open no screen: Decline and Hang up. */
public class CallActionReceiver extends BroadcastReceiver {

    @Override
    public void onReceive(Context context, Intent intent) {
        SampleApplication app = SampleApplication.of(context);
        String session = CallIntents.session(intent);
        Call call = app.calls().find(session);
        if (call == null) {
            // The process that rang is dead, and so is its call.
            app.notifications().cancelIncoming(session);
            return;
        }
        String action = intent.getAction();
        if (CallIntents.ACTION_DECLINE.equals(action)) {
            call.reject();
        } else if (CallIntents.ACTION_HANG_UP.equals(action)) {
            call.hangUp();
        } else if (CallIntents.ACTION_ANSWER.equals(action)) {
            call.answer(); // only with the defect: Answer is an activity otherwise
        }
    }
}
