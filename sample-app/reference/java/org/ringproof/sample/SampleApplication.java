package org.ringproof.sample;

import android.app.Application;
import android.content.Context;
import java.util.Map;
import org.ringproof.sample.common.Backend;
import org.ringproof.sample.common.LoopbackBackend;
import org.ringproof.sample.common.PushEntry;
import org.ringproof.sample.common.TestPushReceiver;
import org.ringproof.sample.common.TestSignalReceiver;
import org.ringproof.sample.common.Trace;
import org.ringproof.sample.devicetest.Defects;

/**
 * The process. {@link #onCreate} runs before any component, whether the user, a push or Telecom
 * started the process, so here is where it becomes able to take a call: nobody else will do it in
 * a process that never had a screen.
 */
public class SampleApplication extends Application
        implements PushEntry.Owner, TestPushReceiver.Caller, TestSignalReceiver.Owner {

    private Trace trace;
    private Defects defects;
    private LoopbackBackend backend;
    private Login login;
    private PhoneAccounts accounts;
    private CallNotifications notifications;
    private Calls calls;
    private PushHandler pushHandler;
    private PushEntry pushEntry;

    public static SampleApplication of(Context context) {
        return (SampleApplication) context.getApplicationContext();
    }

    @Override
    public void onCreate() {
        super.onCreate();
        trace = new Trace(this);
        trace.event("onCreate", "");
        defects = new Defects(this, trace);
        backend = new LoopbackBackend(trace);
        login = new Login(this, backend, trace);
        if (!defects.has(Defects.NOT_LOGGED_IN)) {
            login.resume();
        }
        accounts = new PhoneAccounts(this, trace, defects);
        notifications = new CallNotifications(this, trace, defects);
        calls = new Calls(this);
        pushHandler = new PushHandler(this);
        pushEntry = new PushEntry(pushHandler);

        accounts.register();
        notifications.createChannels();
        notifications.settleLostCalls();
    }

    public Trace trace() {
        return trace;
    }

    public Defects defects() {
        return defects;
    }

    public Backend backend() {
        return backend;
    }

    public Login login() {
        return login;
    }

    public PhoneAccounts accounts() {
        return accounts;
    }

    public CallNotifications notifications() {
        return notifications;
    }

    public Calls calls() {
        return calls;
    }

    public PushHandler pushHandler() {
        return pushHandler;
    }

    @Override
    public boolean signal(Map<String, String> data) {
        return backend.signal(data);
    }

    @Override
    public PushEntry pushEntry() {
        return pushEntry;
    }

    /** Test door: as the main screen's button, but the callee is somebody real. */
    @Override
    public void call(String callee, final String session) {
        backend.relay(session);
        OutgoingCalls.start(this, callee, false, new OutgoingCalls.Result() {
            @Override
            public void onStarted(Call call) {
                call.openScreen();
            }

            @Override
            public void onRefused(String reason) {
                backend.relay(null);
                trace.event("callRefused", session, reason);
            }
        });
    }
}
