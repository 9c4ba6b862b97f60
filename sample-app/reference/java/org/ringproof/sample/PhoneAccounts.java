package org.ringproof.sample;

import android.content.ComponentName;
import android.content.Context;
import android.telecom.PhoneAccount;
import android.telecom.PhoneAccountHandle;
import android.telecom.TelecomManager;
import java.util.Collections;
import org.ringproof.sample.common.Trace;
import org.ringproof.sample.devicetest.Defects;

/**
 * The app's account at Telecom. Self-managed: the app shows its own call UI, and no user has to
 * enable the account in the settings.
 */
public final class PhoneAccounts {

    static final String ID = "ringproof";

    private final Context context;
    private final Trace trace;
    private final Defects defects;

    PhoneAccounts(Context context, Trace trace, Defects defects) {
        this.context = context;
        this.trace = trace;
        this.defects = defects;
    }

    /** Null on a device without Telecom: calls are plain notifications there. */
    TelecomManager telecom() {
        return context.getSystemService(TelecomManager.class);
    }

    PhoneAccountHandle handle() {
        return new PhoneAccountHandle(new ComponentName(context, CallConnectionService.class), ID);
    }

    String scheme() {
        return defects.has(Defects.TEL_URI) ? PhoneAccount.SCHEME_TEL : CallData.SCHEME;
    }

    /**
     * Registers the account, at every start of the process: it is cheap, and an account can be lost
     * (a restored backup, another user of the phone). SELF_MANAGED stands alone; together with
     * CALL_PROVIDER, CONNECTION_MANAGER or SIM_SUBSCRIPTION it is a SecurityException on every
     * release. The system's call log is left to the user's own choice, so there is no
     * EXTRA_LOG_SELF_MANAGED_CALLS.
     */
    void register() {
        int capabilities = PhoneAccount.CAPABILITY_SELF_MANAGED;
        if (defects.has(Defects.CRASH_AT_START)) {
            capabilities |= PhoneAccount.CAPABILITY_CALL_PROVIDER;
        }
        TelecomManager telecom = telecom();
        if (telecom == null) {
            trace.event("registerPhoneAccountFailed", "", "no Telecom");
            return;
        }
        PhoneAccount account = PhoneAccount.builder(handle(), context.getString(R.string.account_label))
                .setCapabilities(capabilities)
                .setSupportedUriSchemes(Collections.singletonList(scheme()))
                .build();
        try {
            telecom.registerPhoneAccount(account);
        } catch (SecurityException | UnsupportedOperationException e) {
            // Work profiles and makers may forbid it; from Android 14 on a device without the
            // Telecom feature throws. Calls still come, as notifications.
            trace.event("registerPhoneAccountFailed", "", e.toString());
            if (defects.has(Defects.CRASH_AT_START)) {
                throw e;
            }
        }
    }
}
