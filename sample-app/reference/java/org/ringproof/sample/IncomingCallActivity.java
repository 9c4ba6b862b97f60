package org.ringproof.sample;

import android.media.AudioManager;
import android.view.View;
import android.widget.TextView;

/**
 * The full-screen question. The system opens it from the notification's full-screen intent when the
 * phone is locked or its screen is off; otherwise a tap on the notification does.
 */
public class IncomingCallActivity extends CallScreen {

    @Override
    void createViews() {
        setContentView(R.layout.activity_incoming_call);
        setVolumeControlStream(AudioManager.STREAM_RING);
        findViewById(R.id.answer).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                if (call() != null) {
                    call().answer();
                }
            }
        });
        findViewById(R.id.decline).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                if (call() != null) {
                    call().reject();
                }
            }
        });
    }

    @Override
    boolean accepts(Call call) {
        return call.isRinging();
    }

    @Override
    public boolean isQuestion() {
        return true;
    }

    @Override
    public void onCallChanged(Call call) {
        ((TextView) findViewById(R.id.caller)).setText(call.data.name);
        ((TextView) findViewById(R.id.status)).setText(
                call.data.video ? R.string.incoming_video_call : R.string.incoming_call);
    }
}
