package org.ringproof.jvm;

import android.net.Uri;
import android.os.Bundle;
import android.telecom.PhoneAccount;
import android.telecom.PhoneAccountHandle;
import android.telecom.TelecomManager;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowTelecomManager;

/** TelecomManager with the checks of TelecomServiceImpl, which Robolectric's own leaves out; the calls themselves live in {@link Phone}. */
@Implements(TelecomManager.class)
public class TelecomShadow extends ShadowTelecomManager {
  @Override
  @Implementation
  protected void registerPhoneAccount(PhoneAccount a) {
    Calls.add(Words.account(a));
    int others = PhoneAccount.CAPABILITY_CALL_PROVIDER | PhoneAccount.CAPABILITY_CONNECTION_MANAGER | PhoneAccount.CAPABILITY_SIM_SUBSCRIPTION;
    if (a.hasCapabilities(PhoneAccount.CAPABILITY_SELF_MANAGED) && (a.getCapabilities() & others) != 0) {
      throw refused(new SecurityException("Self-managed ConnectionServices cannot also be call capable, connection managers, or SIM accounts."));
    }
    super.registerPhoneAccount(a);
  }

  @Override
  @Implementation
  protected void addNewIncomingCall(PhoneAccountHandle h, Bundle extras) {
    Calls.add(Words.incoming(h, extras));
    if (Phone.current().unregistered || getPhoneAccount(h) == null) {
      throw refused(new SecurityException("This PhoneAccountHandle is not registered for this user!"));
    }
    Phone.current().announced(h, extras);
  }

  @Override
  @Implementation
  protected void placeCall(Uri address, Bundle extras) {
    Calls.add("placeCall address=" + address + Words.call(Words.sessions(extras)));
    Phone.current().placed(address, extras);
  }

  @Override
  @Implementation
  protected boolean isInCall() {
    return Phone.hasCall();
  }

  @Override
  @Implementation
  protected boolean isOutgoingCallPermitted(PhoneAccountHandle h) {
    return Phone.current().outgoingPermitted;
  }

  private static RuntimeException refused(RuntimeException e) {
    Calls.threw(e);
    return e;
  }
}
