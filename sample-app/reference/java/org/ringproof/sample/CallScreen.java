package org.ringproof.sample;

import android.app.Activity;
import android.content.Intent;
import android.os.Build;
import android.os.Bundle;
import android.view.WindowManager;
import org.ringproof.sample.devicetest.Defects;

/**
 * A screen of a call, over the lock screen. It shows the call and passes on wishes; the call does
 * not depend on it, so rotation, dark mode, another font size and the back key change nothing.
 */
abstract class CallScreen extends Activity implements Call.Screen {

    private Call call;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        showOverKeyguard();
        createViews();
        show(getIntent());
    }

    /** The system gives the one screen (singleTask) another call, or another press of Answer. */
    @Override
    protected void onNewIntent(Intent intent) {
        super.onNewIntent(intent);
        setIntent(intent);
        show(intent);
    }

    @Override
    protected void onDestroy() {
        if (call != null) {
            call.detach(this);
        }
        super.onDestroy();
    }

    abstract void createViews();

    /** Whether the screen has anything to show of the call. */
    abstract boolean accepts(Call call);

    /** The call is there, or another one is, or it was opened once more. */
    void onShow(Intent intent) {
    }

    private void show(Intent intent) {
        Call found = app().calls().find(CallIntents.session(intent));
        if (found == null || !accepts(found)) {
            // Too late: it ended meanwhile, or its process is dead and the system restored the screen.
            if (call == null || call.phase() == Call.Phase.ENDED) {
                finishAndRemoveTask();
            }
            return;
        }
        show(found);
        onShow(intent);
    }

    final void show(Call other) {
        if (call != null && call != other) {
            call.detach(this);
        }
        call = other;
        call.attach(this);
        onCallChanged(call);
    }

    final Call call() {
        return call;
    }

    final SampleApplication app() {
        return SampleApplication.of(this);
    }

    /**
     * Android 8.1 has showWhenLocked and turnScreenOn for activities, which the manifest sets so that
     * they hold from the first frame; 8.0 has window flags. The keyguard stays where it is: a call is
     * answered without a PIN, and behind it nothing of the app is open.
     */
    @SuppressWarnings("deprecation") // the flags, on the one release that needs them
    private void showOverKeyguard() {
        boolean hidden = app().defects().has(Defects.HIDDEN_BY_KEYGUARD);
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O_MR1) {
            if (hidden) {
                setShowWhenLocked(false);
            }
        } else if (!hidden) {
            getWindow().addFlags(WindowManager.LayoutParams.FLAG_SHOW_WHEN_LOCKED
                    | WindowManager.LayoutParams.FLAG_TURN_SCREEN_ON);
        }
    }

    /** With its task: an ended call must not wait in the list of recent apps. */
    @Override
    public void close() {
        finishAndRemoveTask();
    }
}
