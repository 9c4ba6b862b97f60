package org.ringproof.jvm;

import android.content.ComponentName;
import android.content.Intent;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowContextImpl;

/** Services that the app starts and stops; the phone does so a little later. */
@Implements(className = ShadowContextImpl.CLASS_NAME)
public class ContextShadow extends ShadowContextImpl {
  @Override
  @Implementation
  protected ComponentName startService(Intent i) {
    Calls.add("startService " + Words.component(i));
    Phone.current().startService(i);
    return i.getComponent();
  }

  @Override
  @Implementation(minSdk = 26)
  protected ComponentName startForegroundService(Intent i) {
    Calls.add("startForegroundService " + Words.component(i));
    RuntimeException refusal = Phone.current().foregroundServiceRefusal;
    if (refusal != null) {
      Calls.threw(refusal);
      throw refusal;
    }
    Phone.current().startService(i);
    return i.getComponent();
  }

  @Override
  @Implementation
  protected boolean stopService(Intent i) {
    Calls.add("stopService " + Words.component(i));
    return Phone.current().stopService(i.getComponent());
  }
}
