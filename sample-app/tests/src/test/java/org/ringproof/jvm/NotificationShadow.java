package org.ringproof.jvm;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.os.Build;
import java.util.List;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowNotificationManager;

/** NotificationManager as the app sees it, with the rules of NotificationManagerService that decide whether a call is seen. */
@Implements(NotificationManager.class)
public class NotificationShadow extends ShadowNotificationManager {
  /** Whether the user lets the app use full-screen intents (14). */
  static boolean fullScreenAllowed = true;
  /** Whether the user lets the app post (POST_NOTIFICATIONS, 13). */
  static boolean allowed = true;
  /** A foreground service posts on its own behalf. */
  static boolean byService;

  @Override
  @Implementation
  protected void notify(String tag, int id, Notification n) {
    if (!byService) {
      Calls.add("notify " + Calls.notification(id) + " " + Words.notification(n));
    }
    if (Build.VERSION.SDK_INT >= 31 && Words.isCall(n) && !byService && n.fullScreenIntent == null
        && (n.flags & Notification.FLAG_FOREGROUND_SERVICE) == 0) {
      RuntimeException e = new IllegalArgumentException("Not posted. CallStyle notifications must be for a foreground service or user initated job or use a fullScreenIntent.");
      Calls.threw(e);
      throw e;
    }
    if (getNotificationChannel(n.getChannelId()) == null) {
      return; // "No Channel found": nothing is thrown, nothing is shown
    }
    if (!allowed && !(Words.isCall(n) && Phone.hasCall())) {
      return; // "Suppressing notification by user request"; a call's own is exempt
    }
    boolean isNew = getNotification(tag, id) == null;
    super.notify(tag, id, n);
    Phone.posted(n, isNew);
  }

  @Override
  @Implementation
  protected void cancel(String tag, int id) {
    Notification n = getNotification(tag, id);
    if (!byService && n != null) { // where nothing is, nothing happens
      Calls.add("cancel " + Calls.notification(id));
    }
    if (byService || n == null || (n.flags & Notification.FLAG_FOREGROUND_SERVICE) == 0) {
      super.cancel(tag, id);
    }
  }

  @Override
  @Implementation
  protected void createNotificationChannel(NotificationChannel channel) {
    Calls.add(Words.channel(channel));
    super.createNotificationChannel(channel);
  }

  @Override
  @Implementation
  protected void createNotificationChannels(List<NotificationChannel> list) {
    for (NotificationChannel c : list) {
      createNotificationChannel(c);
    }
  }

  @Override
  @Implementation
  protected boolean areNotificationsEnabled() {
    return allowed;
  }

  @Implementation(minSdk = 34)
  protected boolean canUseFullScreenIntent() {
    return fullScreenAllowed;
  }

  static void restore() {
    fullScreenAllowed = true;
    allowed = true;
    byService = false;
  }
}
