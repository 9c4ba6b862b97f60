package org.ringproof.sample.guide;

import android.os.Bundle;
import android.telecom.Connection;
import android.telecom.ConnectionRequest;
import android.telecom.ConnectionService;
import android.telecom.PhoneAccountHandle;
import android.util.Log;
import org.ringproof.sample.guide.devicetest.Mended;

/** Step 3.1. */
public class CallConnectionService extends ConnectionService {

    private static final String TAG = "CallConnectionService";
    static final String EXTRA_CALL_DATA = "extra_call_data";

    @Override
    public Connection onCreateIncomingConnection(PhoneAccountHandle account, ConnectionRequest request) {
        CallData callData = callData(request);
        app().trace().event("onCreateIncomingConnection", callData == null ? "" : callData.getSessionId());
        if (app().mended().has(Mended.PARCELABLE_EXTRAS)
                && (callData == null || app().registry().isOver(callData.getSessionId()))) {
            return Connection.createCanceledConnection();
        }
        CallConnection connection = new CallConnection(getApplicationContext(), callData);
        connection.setInitializing();
        // The guide says that this makes the system show its call screen. For a self-managed
        // account there is none: see flaw 4.
        connection.setRinging();
        CallConnectionHolder.setConnection(connection);
        app().registry().attach(connection);
        return connection;
    }

    @Override
    public Connection onCreateOutgoingConnection(PhoneAccountHandle account, ConnectionRequest request) {
        CallConnection connection = new CallConnection(getApplicationContext(), callData(request));
        connection.setInitializing();
        connection.setDialing();
        CallConnectionHolder.setConnection(connection);
        return connection;
    }

    /**
     * Flaw 5: on Android 13 and later the class is looked up here, by the boot class loader, which
     * does not have it: BadParcelableException, and the process dies. On 12 and earlier the whole
     * Bundle was emptied in the system's process: null.
     */
    @SuppressWarnings("deprecation") // the guide's call
    private CallData callData(ConnectionRequest request) {
        Bundle extras = request.getExtras();
        if (app().mended().has(Mended.PARCELABLE_EXTRAS)) {
            return app().registry().data(CallRegistry.sessionIn(extras));
        }
        return extras.getParcelable(EXTRA_CALL_DATA);
    }

    /**
     * Flaw 6: addNewIncomingCall never throws for a call that Telecom has no place for, a second one
     * that rings or one during an emergency. The answer comes here, and here it ends.
     */
    @Override
    public void onCreateIncomingConnectionFailed(PhoneAccountHandle account, ConnectionRequest request) {
        Log.e(TAG, "Failed to create incoming connection");
        CallData callData = app().mended().has(Mended.SILENT_FAILURE) ? callData(request) : null;
        app().trace().event("onCreateIncomingConnectionFailed", callData == null ? "" : callData.getSessionId());
        if (callData != null) {
            app().registry().refused(callData);
        }
    }

    @Override
    public void onCreateOutgoingConnectionFailed(PhoneAccountHandle account, ConnectionRequest request) {
        Log.e(TAG, "Failed to create outgoing connection");
    }

    private MyApplication app() {
        return MyApplication.of(this);
    }
}
