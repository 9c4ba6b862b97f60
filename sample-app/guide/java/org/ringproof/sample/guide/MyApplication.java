package org.ringproof.sample.guide;

import android.app.Application;
import android.content.Context;
import org.ringproof.sample.common.Backend;
import org.ringproof.sample.common.LoopbackBackend;
import org.ringproof.sample.common.PushEntry;
import org.ringproof.sample.common.Trace;
import org.ringproof.sample.guide.devicetest.Mended;

/** Step 2.2. */
public class MyApplication extends Application implements PushEntry.Owner {

    private Trace trace;
    private Mended mended;
    private Backend backend;
    private CallRegistry registry;
    private PushEntry pushEntry;

    static MyApplication of(Context context) {
        return (MyApplication) context.getApplicationContext();
    }

    @Override
    public void onCreate() {
        super.onCreate();
        trace = new Trace(this);
        trace.event("onCreate", "");
        mended = new Mended(this, trace);
        backend = new LoopbackBackend(trace);
        registry = new CallRegistry(this);
        CallConnectionHolder.setConnection(null); // of another process, where tests run many in one
        pushEntry = new PushEntry(new CallFirebaseMessagingService(this));
        // Flaw 21: here the guide has a comment in the place of the SDK's init and login. In a
        // process that a push started there is no screen that would do it, so answering fails.
        if (mended.has(Mended.NOT_LOGGED_IN)) {
            backend.login("ringproof-user");
        }
        PhoneAccountManager.register(this);
        MendedNotifications.createChannels(this);
        if (mended.has(Mended.NO_TIMEOUT)) {
            MendedNotifications.settleLostCalls(this);
        }
    }

    Trace trace() {
        return trace;
    }

    Mended mended() {
        return mended;
    }

    public Backend backend() {
        return backend;
    }

    CallRegistry registry() {
        return registry;
    }

    @Override
    public PushEntry pushEntry() {
        return pushEntry;
    }
}
