package org.ringproof.sample.guide;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import org.ringproof.sample.common.Backend;

/** Step 5: the buttons of the notification. */
public class CallActionReceiver extends BroadcastReceiver {

    @SuppressWarnings("deprecation") // getParcelableExtra: the guide's call
    @Override
    public void onReceive(Context context, Intent intent) {
        CallData callData = intent.getParcelableExtra(CallNotificationManager.EXTRA_CALL_DATA);
        if (callData == null) {
            return;
        }
        String action = intent.getAction();
        if (CallNotificationManager.ACTION_ACCEPT_CALL.equals(action)) {
            acceptCall(context, callData);
        } else if (CallNotificationManager.ACTION_REJECT_CALL.equals(action)) {
            rejectCall(context, callData);
        } else if (CallNotificationManager.ACTION_END_CALL.equals(action)) {
            CallConnectionHolder.endCall(context, callData.getSessionId()); // flaw 10, mended
        }
        CallNotificationManager.cancelNotification(context, callData.getSessionId());
    }

    static void acceptCall(final Context context, final CallData callData) {
        // Flaw 11: whatever is in the slot is answered, of this session or another.
        CallConnection connection = CallConnectionHolder.getConnection(context, callData.getSessionId());
        if (connection != null) {
            connection.answer();
            return;
        }
        MyApplication.of(context).registry().answered(callData.getSessionId());
        MyApplication.of(context).backend().accept(callData.getSessionId(), new Backend.Callback() {
            @Override
            public void onSuccess() {
                // Flaw 7: an activity started by a receiver behind a button.
                Intent intent = new Intent(context, CallActivity.class);
                intent.setFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
                intent.putExtra(CallActivity.EXTRA_SESSION_ID, callData.getSessionId());
                intent.putExtra(CallActivity.EXTRA_CALL_TYPE, callData.getCallType());
                context.startActivity(intent);
                IncomingCallActivity.finish(MyApplication.of(context), callData.getSessionId());
            }

            @Override
            public void onFailure(String reason) {
                MyApplication.of(context).trace().event("acceptFailed", callData.getSessionId(), reason);
            }
        });
    }

    static void rejectCall(Context context, CallData callData) {
        CallConnection connection = CallConnectionHolder.getConnection(context, callData.getSessionId());
        if (connection != null) {
            connection.onReject();
        } else {
            MyApplication.of(context).backend().reject(callData.getSessionId(), null);
            MyApplication.of(context).registry().gone(callData.getSessionId());
        }
    }
}
