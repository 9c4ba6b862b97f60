package org.ringproof.jvm;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.PendingIntent;
import android.app.Person;
import android.content.ComponentName;
import android.content.Intent;
import android.net.Uri;
import android.os.Bundle;
import android.os.Parcelable;
import android.provider.Settings;
import android.telecom.Connection;
import android.telecom.DisconnectCause;
import android.telecom.PhoneAccount;
import android.telecom.PhoneAccountHandle;
import android.telecom.TelecomManager;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.robolectric.Shadows;
import org.robolectric.shadows.ShadowPendingIntent;

/** Words for what the app hands to the framework: the lines of {@link Calls}. */
final class Words {
  private Words() {}

  static String account(PhoneAccount a) {
    return "registerPhoneAccount " + a.getAccountHandle().getId() + " capabilities=" + capabilities(a)
        + " schemes=" + String.join(",", a.getSupportedUriSchemes());
  }

  static String capabilities(PhoneAccount a) {
    List<String> out = new ArrayList<>();
    if (a.hasCapabilities(PhoneAccount.CAPABILITY_CONNECTION_MANAGER)) out.add("CONNECTION_MANAGER");
    if (a.hasCapabilities(PhoneAccount.CAPABILITY_CALL_PROVIDER)) out.add("CALL_PROVIDER");
    if (a.hasCapabilities(PhoneAccount.CAPABILITY_SIM_SUBSCRIPTION)) out.add("SIM_SUBSCRIPTION");
    if (a.hasCapabilities(PhoneAccount.CAPABILITY_VIDEO_CALLING)) out.add("VIDEO_CALLING");
    if (a.hasCapabilities(PhoneAccount.CAPABILITY_SUPPORTS_VIDEO_CALLING)) out.add("SUPPORTS_VIDEO_CALLING");
    if (a.hasCapabilities(PhoneAccount.CAPABILITY_SELF_MANAGED)) out.add("SELF_MANAGED");
    return String.join(",", out);
  }

  static String incoming(PhoneAccountHandle h, Bundle extras) {
    Uri address = extras.getParcelable(TelecomManager.EXTRA_INCOMING_CALL_ADDRESS);
    return "addNewIncomingCall " + h.getId() + " address=" + (address == null ? "none" : address) + call(sessions(extras));
  }

  static String returned(Connection c) {
    StringBuilder b = new StringBuilder(Calls.connection(c));
    b.append(" state=").append(Connection.stateToString(c.getState()));
    if (c.getState() == Connection.STATE_DISCONNECTED) {
      return b.append(' ').append(cause(c.getDisconnectCause())).toString();
    }
    List<String> caps = new ArrayList<>();
    int has = c.getConnectionCapabilities();
    if ((has & Connection.CAPABILITY_HOLD) != 0) caps.add("HOLD");
    if ((has & Connection.CAPABILITY_SUPPORT_HOLD) != 0) caps.add("SUPPORT_HOLD");
    if ((has & Connection.CAPABILITY_MUTE) != 0) caps.add("MUTE");
    b.append(" capabilities=").append(String.join(",", caps));
    if ((c.getConnectionProperties() & Connection.PROPERTY_SELF_MANAGED) != 0) b.append(" self_managed");
    b.append(" address=").append(c.getAddress() == null ? "none" : c.getAddress());
    b.append(" name=").append(quote(c.getCallerDisplayName()));
    if (c.getAudioModeIsVoip()) b.append(" voip");
    return b.toString();
  }

  static String cause(DisconnectCause c) {
    String[] names = {"UNKNOWN", "ERROR", "LOCAL", "REMOTE", "CANCELED", "MISSED", "REJECTED", "BUSY", "RESTRICTED", "OTHER", "MANAGER", "ANSWERED_ELSEWHERE"};
    return c.getCode() < names.length ? names[c.getCode()] : Integer.toString(c.getCode());
  }

  static String channel(NotificationChannel c) {
    StringBuilder b = new StringBuilder("createNotificationChannel ").append(c.getId());
    String[] importance = {"NONE", "MIN", "LOW", "DEFAULT", "HIGH", "MAX"};
    b.append(" importance=").append(importance[c.getImportance()]);
    b.append(" sound=").append(sound(c.getSound()));
    if (c.shouldVibrate()) b.append(" vibration");
    return b.toString();
  }

  static String sound(Uri u) {
    if (u == null) return "none";
    if (u.equals(Settings.System.DEFAULT_RINGTONE_URI)) return "ringtone";
    if (u.equals(Settings.System.DEFAULT_NOTIFICATION_URI)) return "notification";
    return u.toString();
  }

  static String style(Notification n) {
    String template = n.extras.getString(Notification.EXTRA_TEMPLATE);
    if (template == null) return "none";
    if (!template.equals("android.app.Notification$CallStyle")) {
      return template.substring(template.lastIndexOf('$') + 1);
    }
    String[] types = {"unknown", "incoming", "ongoing", "screening"};
    return types[n.extras.getInt("android.callType")];
  }

  static boolean isCall(Notification n) {
    String template = n.extras.getString(Notification.EXTRA_TEMPLATE);
    return template != null && template.equals("android.app.Notification$CallStyle");
  }

  /** Everything of a notification that a phone shows or acts on. */
  static String notification(Notification n) {
    StringBuilder b = new StringBuilder();
    b.append("channel=").append(n.getChannelId()).append(" category=").append(n.category).append(" style=").append(style(n));
    if (isCall(n)) {
      Person p = n.extras.getParcelable("android.callPerson");
      b.append(" person=").append(quote(p == null ? null : p.getName()));
      button(b, "answer", (PendingIntent) n.extras.getParcelable("android.answerIntent"));
      button(b, "decline", (PendingIntent) n.extras.getParcelable("android.declineIntent"));
      button(b, "hangUp", (PendingIntent) n.extras.getParcelable("android.hangUpIntent"));
    } else {
      b.append(" title=").append(quote(n.extras.getCharSequence(Notification.EXTRA_TITLE)));
      b.append(" text=").append(quote(n.extras.getCharSequence(Notification.EXTRA_TEXT)));
      if (n.actions != null) {
        for (Notification.Action a : n.actions) {
          button(b, a.title.toString(), a.actionIntent);
        }
      }
    }
    button(b, "fullScreen", n.fullScreenIntent);
    button(b, "content", n.contentIntent);
    List<String> flags = new ArrayList<>();
    if ((n.flags & Notification.FLAG_ONGOING_EVENT) != 0) flags.add("ongoing");
    if ((n.flags & Notification.FLAG_INSISTENT) != 0) flags.add("insistent");
    if ((n.flags & Notification.FLAG_ONLY_ALERT_ONCE) != 0) flags.add("onlyAlertOnce");
    if ((n.flags & Notification.FLAG_AUTO_CANCEL) != 0) flags.add("autoCancel");
    if (!flags.isEmpty()) b.append(" flags=").append(String.join(",", flags));
    if (n.visibility == Notification.VISIBILITY_PUBLIC) b.append(" public");
    return b.append(call(intents(n))).toString();
  }

  private static void button(StringBuilder b, String name, PendingIntent p) {
    if (p != null) {
      b.append(' ').append(name).append('=').append(pending(p));
    }
  }

  static String pending(PendingIntent p) {
    ShadowPendingIntent s = Shadows.shadowOf(p);
    String kind = s.isActivityIntent() ? "activity" : s.isBroadcastIntent() ? "broadcast" : "service";
    return kind + ":" + component(s.getSavedIntent());
  }

  static String component(Intent i) {
    return i.getComponent() == null ? i.getAction() : shortName(i.getComponent());
  }

  static String shortName(ComponentName c) {
    return c.getClassName().substring(c.getClassName().lastIndexOf('.') + 1);
  }

  private static Set<String> intents(Notification n) {
    Set<String> out = new LinkedHashSet<>();
    PendingIntent[] all = {n.fullScreenIntent, n.contentIntent, n.extras.getParcelable("android.answerIntent"),
      n.extras.getParcelable("android.declineIntent"), n.extras.getParcelable("android.hangUpIntent")};
    for (PendingIntent p : all) {
      if (p != null && Shadows.shadowOf(p).getSavedIntent().getExtras() != null) {
        out.addAll(sessions(Shadows.shadowOf(p).getSavedIntent().getExtras()));
      }
    }
    return out;
  }

  /** The sessions of the test that a bundle names, at any depth; "parcelable" for one that hides its content in a class of the app. */
  static Set<String> sessions(Bundle extras) {
    Set<String> out = new LinkedHashSet<>();
    for (String key : extras.keySet()) {
      Object v = extras.get(key);
      if (v instanceof Bundle) {
        out.addAll(sessions((Bundle) v));
      } else if (v instanceof String && ((String) v).matches("s[0-9]+")) {
        out.add((String) v);
      } else if (v instanceof Parcelable && !v.getClass().getName().startsWith("android.")) {
        out.add("parcelable");
      }
    }
    return out;
  }

  static String call(Set<String> sessions) {
    return sessions.isEmpty() ? "" : " call=" + String.join(",", sessions);
  }

  static String quote(CharSequence s) {
    return s == null ? "none" : "'" + s + "'";
  }
}
