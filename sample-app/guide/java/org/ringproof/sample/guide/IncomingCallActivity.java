package org.ringproof.sample.guide;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.widget.TextView;
import java.util.ArrayList;

/**
 * The guide declares this screen and opens it full screen, but does not show it: flaw 8. This is the
 * least that can stand in its place.
 */
public class IncomingCallActivity extends Activity {

    private CallData callData;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        CallActivity.showWhenLocked(this);
        setContentView(R.layout.activity_incoming_call);
        MyApplication.of(this).registry().incomingScreens.add(this);
        findViewById(R.id.answer).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                CallActionReceiver.acceptCall(IncomingCallActivity.this, callData);
            }
        });
        findViewById(R.id.decline).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                CallActionReceiver.rejectCall(IncomingCallActivity.this, callData);
            }
        });
        open(getIntent());
    }

    @Override
    protected void onNewIntent(Intent intent) {
        super.onNewIntent(intent);
        setIntent(intent);
        open(intent);
    }

    @SuppressWarnings("deprecation")
    private void open(Intent intent) {
        callData = intent.getParcelableExtra(CallNotificationManager.EXTRA_CALL_DATA);
        if (callData == null || MyApplication.of(this).registry().isOver(callData.getSessionId())) {
            finish();
            return;
        }
        CallConnection connection = CallConnectionHolder.getConnection(this, callData.getSessionId());
        if (connection != null && connection.isAnswered()) {
            finish();
            return;
        }
        ((TextView) findViewById(R.id.caller)).setText(callData.getCallerName());
    }

    static void finish(MyApplication app, String session) {
        for (IncomingCallActivity screen : new ArrayList<IncomingCallActivity>(app.registry().incomingScreens)) {
            if (screen.callData != null && session.equals(screen.callData.getSessionId()) && !screen.isFinishing()) {
                screen.finish();
            }
        }
    }

    @Override
    protected void onDestroy() {
        MyApplication.of(this).registry().incomingScreens.remove(this);
        super.onDestroy();
    }
}
