package org.ringproof.sample.guide;

import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.telecom.PhoneAccount;
import android.telecom.PhoneAccountHandle;
import android.telecom.TelecomManager;
import java.util.Collections;
import org.ringproof.sample.guide.devicetest.Mended;

/** Step 2.1: the app's account at Telecom. */
final class PhoneAccountManager {

    // The guide's id is another one; test profiles know the account of both variants by this.
    private static final String PHONE_ACCOUNT_ID = "ringproof";

    private PhoneAccountManager() {
    }

    static void register(Context context) {
        TelecomManager telecomManager = (TelecomManager) context.getSystemService(Context.TELECOM_SERVICE);
        // Flaw 1: an account is either self-managed or a call provider. Both together are a
        // SecurityException on every release, here in Application.onCreate: no process survives.
        int capabilities = PhoneAccount.CAPABILITY_CALL_PROVIDER | PhoneAccount.CAPABILITY_SELF_MANAGED;
        if (MyApplication.of(context).mended().has(Mended.CRASH_AT_START)) {
            capabilities = PhoneAccount.CAPABILITY_SELF_MANAGED;
        }
        PhoneAccount.Builder account = PhoneAccount.builder(getPhoneAccountHandle(context), "Ringproof")
                .setCapabilities(capabilities);
        // Flaw 15: no scheme is named, and addresses are tel: with an id that is no number.
        if (MyApplication.of(context).mended().has(Mended.TEL_URI)) {
            account.setSupportedUriSchemes(Collections.singletonList("sip"));
        }
        telecomManager.registerPhoneAccount(account.build());
    }

    static PhoneAccountHandle getPhoneAccountHandle(Context context) {
        return new PhoneAccountHandle(new ComponentName(context, CallConnectionService.class), PHONE_ACCOUNT_ID);
    }

    static Uri address(Context context, CallData callData) {
        if (MyApplication.of(context).mended().has(Mended.TEL_URI)) {
            return Uri.fromParts("sip", callData.getCallerUid(), null);
        }
        return Uri.parse("tel:" + callData.getCallerUid());
    }

    static boolean isPhoneAccountEnabled(Context context) {
        TelecomManager telecomManager = (TelecomManager) context.getSystemService(Context.TELECOM_SERVICE);
        PhoneAccount account = telecomManager.getPhoneAccount(getPhoneAccountHandle(context));
        return account != null && account.isEnabled();
    }

    /**
     * Flaw 20: the guide sends users to this page if there is no call screen. Self-managed accounts
     * are not on it, nobody has to enable them, and MANAGE_OWN_CALLS, which it says to ask for, is
     * no runtime permission. (It also asks for BLUETOOTH_CONNECT on releases that do not have it.)
     */
    static void openPhoneAccountSettings(Context context) {
        Intent intent = new Intent(TelecomManager.ACTION_CHANGE_PHONE_ACCOUNTS);
        intent.setFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
        context.startActivity(intent);
    }
}
