package org.ringproof.jvm;

import android.app.Activity;
import android.app.Instrumentation;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;
import android.os.IBinder;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowInstrumentation;

/** Where Context.startActivity of the app ends; the phone starts the activity a little later. */
@Implements(value = Instrumentation.class, looseSignatures = false)
public class InstrumentationShadow extends ShadowInstrumentation {
  @Override
  @Implementation
  protected Instrumentation.ActivityResult execStartActivity(
      Context who, IBinder contextThread, IBinder token, Activity target, Intent intent, int requestCode, Bundle options) {
    if (!Phone.current().sending) {
      Calls.add("startActivity " + Words.component(intent) + ((intent.getFlags() & Intent.FLAG_ACTIVITY_NEW_TASK) != 0 ? " newTask" : ""));
    }
    Phone.current().start(intent);
    return null;
  }

  @Override
  @Implementation
  protected Instrumentation.ActivityResult execStartActivity(
      Context who, IBinder contextThread, IBinder token, String target, Intent intent, int requestCode, Bundle options) {
    return execStartActivity(who, contextThread, token, (Activity) null, intent, requestCode, options);
  }
}
