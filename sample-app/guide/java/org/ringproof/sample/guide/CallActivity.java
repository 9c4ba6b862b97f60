package org.ringproof.sample.guide;

import android.app.Activity;
import android.content.Intent;
import android.os.Build;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.view.View;
import android.view.WindowManager;
import android.widget.TextView;
import java.util.ArrayList;
import org.ringproof.sample.common.Backend;
import org.ringproof.sample.guide.devicetest.Mended;

/** Step 6: the call's screen, and, flaw 9, the only place that joins the call. */
public class CallActivity extends Activity {

    static final String EXTRA_SESSION_ID = "extra_session_id";
    static final String EXTRA_CALL_TYPE = "extra_call_type";
    static final String EXTRA_IS_INCOMING = "extra_is_incoming";

    private MyApplication app;
    private String sessionId;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        app = MyApplication.of(this);
        // Flaw 8: showOnLockScreen in the manifest does nothing, so a call that was answered on the
        // locked phone goes on behind the keyguard.
        showWhenLocked(this);
        setContentView(R.layout.activity_call);
        getWindow().addFlags(WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON);
        app.registry().callScreens.add(this); // the vendor's SDK keeps its session listeners so
        findViewById(R.id.end).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                endCallAndFinish(); // the SDK's button ends the session, which comes to the same
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

    static void showWhenLocked(Activity activity) {
        if (MyApplication.of(activity).mended().has(Mended.HIDDEN_BY_KEYGUARD)
                && Build.VERSION.SDK_INT >= Build.VERSION_CODES.O_MR1) {
            activity.setShowWhenLocked(true);
            activity.setTurnScreenOn(true);
        }
    }

    private void open(Intent intent) {
        sessionId = intent.getStringExtra(EXTRA_SESSION_ID);
        ((TextView) findViewById(R.id.status)).setText(app.registry().name(sessionId));
        CallConnection connection = CallConnectionHolder.getConnection(this, sessionId);
        if (CallNotificationManager.ACTION_ACCEPT_CALL.equals(intent.getAction())) { // flaw 7, mended
            if (connection == null) {
                acceptWithoutTelecom();
                return;
            }
            connection.answer();
        }
        if (sessionId != null && !app.mended().has(Mended.ACTIVE_BEFORE_JOIN)) {
            joinCallSession();
        }
    }

    /** Flaws 6 and 7, mended: a call that Telecom refused was taken in its notification. */
    private void acceptWithoutTelecom() {
        if (app.registry().data(sessionId) == null) {
            finish(); // over, or of a process that died
            return;
        }
        app.registry().answered(sessionId);
        CallNotificationManager.cancelNotification(this, sessionId);
        app.backend().accept(sessionId, new Backend.Callback() {
            @Override
            public void onSuccess() {
                joinCallSession();
            }

            @Override
            public void onFailure(String reason) {
                finish();
            }
        });
    }

    private void joinCallSession() {
        final String joining = sessionId;
        if (app.backend().isJoined(joining)) {
            return;
        }
        app.backend().join(joining, new Backend.Callback() {
            @Override
            public void onSuccess() {
                app.trace().event("joined", joining);
            }

            @Override
            public void onFailure(String reason) {
                endCallAndFinish();
            }
        });
    }

    /** The SDK's session is left: every listener hears of it, on the main thread, a moment later. */
    static void onSessionLeft(final MyApplication app, final String session) {
        new Handler(Looper.getMainLooper()).post(new Runnable() {
            @Override
            public void run() {
                for (CallActivity screen : new ArrayList<CallActivity>(app.registry().callScreens)) {
                    if (session.equals(screen.sessionId)) {
                        screen.endCallAndFinish();
                    }
                }
            }
        });
    }

    /** Flaw 17: ends the connection, which ends the call at the server, and then ends it there itself. */
    private void endCallAndFinish() {
        CallConnectionHolder.endCall(this, sessionId);
        if (sessionId != null && !app.mended().has(Mended.REPEATED_END)) {
            app.backend().end(sessionId, null);
        }
        if (!isFinishing()) {
            finish();
        }
    }

    /** The registry's call ended: an end of the call at Telecom that the guide's screen never learns of. */
    static void finish(MyApplication app, String session) {
        for (CallActivity screen : new ArrayList<CallActivity>(app.registry().callScreens)) {
            if (session.equals(screen.sessionId) && !screen.isFinishing()) {
                screen.finish();
            }
        }
    }

    static boolean isOpen(MyApplication app, String session) {
        for (CallActivity screen : app.registry().callScreens) {
            if (session.equals(screen.sessionId) && !screen.isFinishing()) {
                return true;
            }
        }
        return false;
    }

    /** Flaw 18: so that nobody ends the call by accident, the back key is dead. (On predictive back it is not.) */
    @SuppressWarnings("deprecation")
    @Override
    public void onBackPressed() {
        if (app.mended().has(Mended.LEAVES_ON_DESTROY)) {
            super.onBackPressed();
        }
    }

    /** Flaw 18: a screen is destroyed for many reasons, dark mode for one. The call goes with it. */
    @Override
    protected void onDestroy() {
        super.onDestroy();
        if (!app.mended().has(Mended.LEAVES_ON_DESTROY) && sessionId != null && app.backend().isJoined(sessionId)) {
            app.trace().event("leaveSession", sessionId);
            app.backend().leave(sessionId);
            endCallAndFinish();
        }
        app.registry().callScreens.remove(this);
    }
}
