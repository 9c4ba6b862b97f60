package org.ringproof.sample;

import android.os.Bundle;
import android.telecom.Connection;
import android.telecom.ConnectionRequest;
import android.telecom.ConnectionService;
import android.telecom.DisconnectCause;
import android.telecom.PhoneAccountHandle;
import android.telecom.TelecomManager;
import org.ringproof.sample.devicetest.Defects;
import org.ringproof.sample.devicetest.ParcelableCall;

/**
 * Telecom asks here for the connection of a call that the app announced. From Android 14 on the
 * answer must come within 15 seconds of the binding, so nothing is waited for.
 */
public class CallConnectionService extends ConnectionService {

    @Override
    public Connection onCreateIncomingConnection(PhoneAccountHandle account, ConnectionRequest request) {
        String session = session(request, TelecomManager.EXTRA_INCOMING_CALL_EXTRAS);
        app().trace().event("onCreateIncomingConnection", session);
        Call call = session == null ? null : app().calls().find(session);
        if (call == null || !call.isRinging()) {
            // Cancelled since it was announced, or announced by a process that died.
            return Connection.createCanceledConnection();
        }
        CallConnection connection = CallConnection.of(app(), call);
        app().calls().setSlot(call);
        connection.setRinging();
        return connection;
    }

    /**
     * Telecom's no, which comes after addNewIncomingCall returned: another call of this account
     * rings, there is an emergency call, the profile is paused. The caller must not ring into the
     * void, and the user must learn of it.
     */
    @Override
    public void onCreateIncomingConnectionFailed(PhoneAccountHandle account, ConnectionRequest request) {
        String session = session(request, TelecomManager.EXTRA_INCOMING_CALL_EXTRAS);
        app().trace().event("onCreateIncomingConnectionFailed", session);
        if (session != null && !app().defects().has(Defects.SILENT_FAILURE)) {
            app().calls().refused(session);
        }
    }

    @Override
    public Connection onCreateOutgoingConnection(PhoneAccountHandle account, ConnectionRequest request) {
        String session = session(request, TelecomManager.EXTRA_OUTGOING_CALL_EXTRAS);
        app().trace().event("onCreateOutgoingConnection", session);
        Call call = session == null ? null : app().calls().find(session);
        if (call == null || !call.isOutgoing()) {
            return Connection.createFailedConnection(new DisconnectCause(DisconnectCause.CANCELED));
        }
        CallConnection connection = CallConnection.of(app(), call);
        connection.setDialing();
        return connection;
    }

    /** There is a call that cannot be held, or an emergency. */
    @Override
    public void onCreateOutgoingConnectionFailed(PhoneAccountHandle account, ConnectionRequest request) {
        String session = session(request, TelecomManager.EXTRA_OUTGOING_CALL_EXTRAS);
        app().trace().event("onCreateOutgoingConnectionFailed", session);
        if (session != null) {
            app().calls().refused(session);
        }
    }

    @SuppressWarnings("deprecation") // the defect reads as releases before 33 do
    private String session(ConnectionRequest request, String nested) {
        Bundle extras = request.getExtras();
        if (app().defects().has(Defects.PARCELABLE_EXTRAS)) {
            ParcelableCall call = extras.getParcelable(ParcelableCall.EXTRA);
            return call == null ? null : call.data.session;
        }
        return CallData.sessionIn(extras, nested);
    }

    private SampleApplication app() {
        return SampleApplication.of(this);
    }
}
