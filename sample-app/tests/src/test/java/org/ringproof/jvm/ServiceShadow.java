package org.ringproof.jvm;

import android.app.Notification;
import android.app.Service;
import android.content.ComponentName;
import android.content.pm.ServiceInfo;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadows.ShadowService;

/** The foreground state of services. */
@Implements(Service.class)
public class ServiceShadow extends ShadowService {
  @RealObject private Service real;

  @Override
  @Implementation
  protected void startForeground(int id, Notification n) throws Exception {
    start(id, n, -1);
  }

  @Override
  @Implementation(minSdk = 29)
  protected void startForeground(int id, Notification n, int type) throws Exception {
    start(id, n, type);
  }

  private void start(int id, Notification n, int type) throws Exception {
    String types = type == -1 ? "manifest"
        : ((type & ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL) != 0 ? "phoneCall" : "")
            + ((type & ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE) != 0 ? ",microphone" : "");
    Calls.add("startForeground " + Calls.notification(id) + " type=" + types + " " + Words.notification(n));
    NotificationShadow.byService = true;
    try {
      super.startForeground(id, n);
    } finally {
      NotificationShadow.byService = false;
    }
  }

  @Override
  @Implementation
  protected void stopForeground(boolean remove) {
    stop(remove);
  }

  @Override
  @Implementation(minSdk = 24)
  protected void stopForeground(int flags) {
    stop((flags & Service.STOP_FOREGROUND_REMOVE) != 0);
  }

  private void stop(boolean remove) {
    Calls.add("stopForeground " + (remove ? "remove" : "keep"));
    NotificationShadow.byService = true;
    try {
      super.stopForeground(remove);
    } finally {
      NotificationShadow.byService = false;
    }
  }

  @Override
  @Implementation
  protected void stopSelf() {
    Calls.add("stopSelf");
    super.stopSelf();
    Phone.current().stopService(new ComponentName(real, real.getClass()));
  }

  @Override
  @Implementation
  protected void stopSelf(int id) {
    stopSelf();
  }

  @Override
  @Implementation
  protected void onDestroy() {
    NotificationShadow.byService = true;
    try {
      super.onDestroy();
    } finally {
      NotificationShadow.byService = false;
    }
  }
}
