package org.ringproof.sample.guide;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.view.Gravity;
import android.widget.TextView;
import org.ringproof.sample.common.Backend;

/** Not in the guide but for step 8: the screen with which everything begins. */
public class MainActivity extends Activity {

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        TextView title = new TextView(this);
        title.setId(R.id.title);
        title.setText(R.string.app_name);
        title.setGravity(Gravity.CENTER);
        setContentView(title);
        // Flaw 21: the only place that logs in.
        MyApplication.of(this).backend().login("ringproof-user");
    }

    /** Step 8, its "recommended" way: past Telecom, which then knows of no call at all. */
    void initiateVoIPCall(final String receiverId, final String callType) {
        MyApplication.of(this).backend().start(receiverId, "video".equals(callType), new Backend.StartCallback() {
            @Override
            public void onStarted(String session) {
                Intent intent = new Intent(MainActivity.this, CallActivity.class);
                intent.putExtra(CallActivity.EXTRA_SESSION_ID, session);
                intent.putExtra(CallActivity.EXTRA_CALL_TYPE, callType);
                intent.putExtra(CallActivity.EXTRA_IS_INCOMING, false);
                startActivity(intent);
            }

            @Override
            public void onFailure(String reason) {
                MyApplication.of(MainActivity.this).trace().event("startFailed", "", reason);
            }
        });
    }
}
