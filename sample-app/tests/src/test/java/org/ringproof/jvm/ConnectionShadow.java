package org.ringproof.jvm;

import android.telecom.Connection;
import android.telecom.DisconnectCause;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadows.ShadowConnection;
import org.robolectric.util.reflector.Direct;
import org.robolectric.util.reflector.ForType;
import org.robolectric.util.reflector.Reflector;

/** The framework's own Connection, and a note of each call once Telecom has it. */
@Implements(Connection.class)
public class ConnectionShadow extends ShadowConnection {
  @RealObject private Connection real;

  private void told(String call) {
    if (Calls.returned(real)) {
      Calls.add("connection." + call.replaceFirst("( |$)", " " + Calls.connection(real) + "$1").trim());
    }
  }

  private Real real() {
    return Reflector.reflector(Real.class, real);
  }

  @Implementation
  protected void setInitialized() {
    told("setInitialized");
    real().setInitialized();
  }

  @Implementation
  protected void setRinging() {
    told("setRinging");
    real().setRinging();
  }

  @Implementation
  protected void setDialing() {
    told("setDialing");
    real().setDialing();
  }

  @Implementation
  protected void setActive() {
    told("setActive");
    real().setActive();
  }

  @Implementation
  protected void setOnHold() {
    told("setOnHold");
    real().setOnHold();
  }

  @Implementation
  protected void setDisconnected(DisconnectCause cause) {
    told("setDisconnected " + Words.cause(cause));
    real().setDisconnected(cause);
  }

  @Override
  @Implementation
  protected void destroy() {
    told("destroy");
    super.destroy();
    Phone.destroyed(real);
  }

  @ForType(Connection.class)
  interface Real {
    @Direct void setInitialized();
    @Direct void setRinging();
    @Direct void setDialing();
    @Direct void setActive();
    @Direct void setOnHold();
    @Direct void setDisconnected(DisconnectCause cause);
  }
}
