package org.ringproof.jvm;

import android.app.Activity;
import android.content.pm.PackageManager;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadows.ShadowActivity;

/** Activities that finish themselves; the phone takes them away a little later. */
@Implements(Activity.class)
public class ActivityShadow extends ShadowActivity {
  @RealObject private Activity real;

  private Boolean showWhenLocked;

  @Override
  @Implementation(minSdk = 27)
  protected void setShowWhenLocked(boolean show) {
    super.setShowWhenLocked(show);
    showWhenLocked = show;
  }

  /** What the code said last, else the manifest (ActivityInfo.FLAG_SHOW_WHEN_LOCKED, hidden). */
  boolean isOverKeyguard() throws PackageManager.NameNotFoundException {
    int flags = real.getPackageManager().getActivityInfo(real.getComponentName(), 0).flags;
    return showWhenLocked == null ? (flags & 0x800000) != 0 : showWhenLocked;
  }

  private void told() {
    if (!real.isFinishing()) {
      Calls.add("finish " + real.getClass().getSimpleName());
      Phone.current().finished(real);
    }
  }

  @Override
  @Implementation
  protected void finish() {
    told();
    super.finish();
  }

  @Override
  @Implementation
  protected void finishAndRemoveTask() {
    told();
    super.finishAndRemoveTask();
  }
}
