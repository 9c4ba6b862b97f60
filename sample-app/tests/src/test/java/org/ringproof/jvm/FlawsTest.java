package org.ringproof.jvm;

import static org.junit.Assert.assertEquals;

import android.app.Activity;
import android.app.ActivityManager;
import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.content.ComponentName;
import android.content.pm.PackageManager;
import android.telecom.Connection;
import android.telecom.DisconnectCause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.robolectric.Shadows;
import org.robolectric.shadow.api.Shadow;

/**
 * The twenty-two flaws of the guide "VoIP Calling", one test each. The reference app passes them, and the guide's app fails each by the flaw's own fact ({@link
 * Flaw}). In the guide's app every other flaw that has a switch is mended, so that one flaw does not hide behind another. {@link Variant} has two controls: the
 * reference app with the flaw's defect switched on fails, and the guide's app with all mended passes.
 */
public class FlawsTest extends AppTest {
  private static final String[] MENDABLE = {
    "crash-at-start", "wrong-caller-key", "ignores-call-action", "no-incoming-ui", "parcelable-extras", "silent-failure", "trampoline", "hidden-by-keyguard",
    "active-before-join", "no-foreground-service", "single-slot", "no-timeout", "drops-in-foreground", "no-dedupe", "tel-uri", "missing-callbacks", "repeated-end",
    "leaves-on-destroy", "silent-notification", "not-logged-in",
  };

  @Rule public final Flaw.Expected expected = new Flaw.Expected();

  private Phone start() {
    if (!Variant.GUIDE) {
      return Variant.SEEDED ? Phone.start("ringproof-defects", expected.flaw.name() + "\n") : Phone.start();
    }
    StringBuilder names = new StringBuilder();
    for (String n : MENDABLE) {
      if (Variant.MENDED || !n.equals(expected.flaw.name())) {
        names.append(n).append('\n');
      }
    }
    return Phone.start("ringproof-mended", names.toString());
  }

  private Phone ringing() {
    Phone p = start();
    p.push(Payloads.of("cometchat/initiated", "s1"));
    if (Calls.starting("addNewIncomingCall").isEmpty()) {
      throw new IllegalStateException("it was not even announced");
    }
    return p;
  }

  private Phone answered() {
    Phone p = ringing();
    press(p, "Answer", "Accept");
    if (p.connections.get(0).getState() != Connection.STATE_ACTIVE) {
      throw new IllegalStateException("the answer did not work: " + Calls.all());
    }
    return p;
  }

  /** The button has the platform's title, or the guide's. */
  private static void press(Phone p, String... titles) {
    for (String t : titles) {
      try {
        p.button(t);
      } catch (AssertionError e) {
        continue;
      }
      p.press(t);
      return;
    }
    throw new IllegalStateException("no notification has any of the buttons " + String.join(", ", titles));
  }

  /** Fails with the flaw's fact unless it is right. */
  private void check(boolean right) {
    if (!right) {
      throw new AssertionError(expected.flaw.fact() + "; the app's calls were:\n" + String.join("\n", Calls.all()));
    }
  }

  @Test
  @Flaw(value = 1, name = "crash-at-start", fact = "SecurityException: Self-managed ConnectionServices cannot also be call capable")
  public void theProcessStarts() {
    start();
    assertEquals(1, Calls.starting("registerPhoneAccount").size());
  }

  @Test
  @Flaw(value = 2, name = "wrong-caller-key", fact = "the server's payload was dropped: its caller is in sender")
  public void theServersPayloadRings() {
    Phone p = start();
    p.push(Payloads.of("cometchat/initiated", "s1"));
    check(Calls.starting("addNewIncomingCall").size() == 1);
  }

  @Test
  @Flaw(value = 3, name = "ignores-call-action", fact = "a push that says cancelled rings")
  public void onlyInitiatedRings() {
    Phone p = start();
    p.push(Payloads.of("cometchat/cancelled", "s2"));
    check(Calls.starting("addNewIncomingCall").isEmpty());
    p.push(Payloads.of("cometchat/initiated", "s1"));
    p.push(Payloads.of("cometchat/cancelled", "s1"));
    check(p.connections.get(0).getState() == Connection.STATE_DISCONNECTED);
  }

  @Test
  @Flaw(value = 4, name = "no-incoming-ui", fact = "Telecom rings and the user sees nothing")
  public void aRingingCallIsShown() {
    Phone p = ringing();
    assertEquals(Connection.STATE_RINGING, p.connections.get(0).getState());
    check(p.notifications("incoming_calls").size() == 1);
  }

  @Test
  @Flaw(value = 5, name = "parcelable-extras", fact = "BadParcelableException")
  public void theCallSurvivesTelecom() {
    Phone p = ringing();
    assertEquals(1, p.connections.size());
    assertEquals("Andrew Joseph", p.connections.get(0).getCallerDisplayName());
  }

  @Test
  @Flaw(value = 6, name = "silent-failure", fact = "a call that Telecom refused is lost without a word")
  public void aRefusedCallIsMissed() {
    Phone p = ringing();
    p.push(Payloads.of("cometchat/initiated", "s2"));
    assertEquals("the first call rings on", Connection.STATE_RINGING, p.connections.get(0).getState());
    check(p.notifications("missed_calls").size() == 1);
  }

  @Test
  @Flaw(value = 7, name = "trampoline", fact = "Answer is a broadcast: its receiver may not open the call (12)")
  public void answerIsAnActivity() {
    Phone p = ringing();
    Notification.Action[] actions = p.notifications("incoming_calls").get(0).actions;
    for (Notification.Action a : actions) {
      if (a.title.toString().matches("Answer|Accept")) {
        check(Shadows.shadowOf(a.actionIntent).isActivityIntent());
        return;
      }
    }
    throw new IllegalStateException("there is no button to answer");
  }

  @Test
  @Flaw(value = 8, name = "hidden-by-keyguard", fact = "the screen stays behind the keyguard")
  public void theScreensShowOverTheKeyguard() throws Exception {
    Phone p = start();
    p.screenOn = false;
    p.locked = true;
    p.push(Payloads.of("cometchat/initiated", "s1"));
    Activity a = p.activity("IncomingCallActivity");
    if (a == null) {
      throw new IllegalStateException("the full-screen intent opened nothing");
    }
    check(showsWhenLocked(a));
    p.tap("IncomingCallActivity", "answer");
    check(showsWhenLocked(p.activity("CallActivity")));
  }

  private static boolean showsWhenLocked(Activity a) throws Exception {
    return ((ActivityShadow) Shadow.extract(a)).isOverKeyguard();
  }

  @Test
  @Flaw(value = 9, name = "active-before-join", fact = "Telecom says active and nobody has joined")
  public void activeMeansJoined() {
    Phone p = ringing();
    p.activitiesBlocked = true; // as Android does for an app in the background
    p.telecom("onAnswer", 1);
    check(p.connections.get(0).getState() == Connection.STATE_ACTIVE && p.trace().contains("joined"));
  }

  @Test
  @Flaw(value = 10, name = "no-foreground-service", fact = "nothing keeps the process alive during the call")
  public void aServiceKeepsTheCall() {
    Phone p = answered();
    check(p.service("CallService") != null && p.notifications("ongoing_calls").size() == 1);
  }

  @Test
  @Flaw(value = 11, name = "single-slot", fact = "the end button of the first call ended the second")
  public void buttonsMeanTheirOwnCall() {
    Phone p = answered();
    p.push(Payloads.of("cometchat/initiated", "s2"));
    p.tap("CallActivity", "end");
    check(p.connections.get(1).getState() == Connection.STATE_RINGING);
    assertEquals(DisconnectCause.LOCAL, p.connections.get(0).getDisconnectCause().getCode());
  }

  @Test
  @Flaw(value = 12, name = "no-timeout", fact = "it rings for ever, and for calls that are over")
  public void aRingEnds() {
    Phone p = ringing();
    p.pass(Duration.ofSeconds(60));
    check(p.connections.get(0).getState() == Connection.STATE_DISCONNECTED);
    check(p.notifications("missed_calls").size() == 1);
    p.push(Payloads.of("cometchat/initiated", "s2", 300_000));
    check(p.connections.size() == 1);
  }

  @Test
  @Flaw(value = 13, name = "drops-in-foreground", fact = "a call is dropped because the app is in front")
  public void itRingsInTheForeground() {
    Phone p = start();
    ActivityManager.RunningAppProcessInfo front = new ActivityManager.RunningAppProcessInfo(p.app.getPackageName(), 1, new String[] {p.app.getPackageName()});
    front.importance = ActivityManager.RunningAppProcessInfo.IMPORTANCE_FOREGROUND;
    Shadows.shadowOf(p.app.getSystemService(ActivityManager.class)).setProcesses(Collections.singletonList(front));
    p.push(Payloads.of("cometchat/initiated", "s1"));
    check(p.connections.size() == 1);
  }

  @Test
  @Flaw(value = 14, name = "no-dedupe", fact = "a second push of the session is a second call")
  public void aSessionIsOneCall() {
    Phone p = answered();
    p.push(Payloads.of("cometchat/initiated", "s1"));
    check(Calls.starting("addNewIncomingCall").size() == 1);
  }

  @Test
  @Flaw(value = 15, name = "tel-uri", fact = "a user's id became a telephone number")
  public void theAddressIsNoTelephoneNumber() {
    Phone p = ringing();
    check("sip:cometchat-uid-1".equals(String.valueOf(p.connections.get(0).getAddress())));
    check(Calls.starting("registerPhoneAccount").get(0).endsWith("schemes=sip"));
  }

  @Test
  @Flaw(value = 16, name = "missing-callbacks", fact = "a volume key or a video answer does nothing")
  public void allCallbacksAreThere() {
    Phone p = ringing();
    p.telecom("onSilence", 1);
    for (String channel : new String[] {"incoming_calls", "silenced_calls"}) {
      for (Notification n : p.notifications(channel)) {
        check(endsTheSound(p, n));
      }
    }
    p.telecom("onAnswerVideo", 1);
    check(p.connections.get(0).getState() == Connection.STATE_ACTIVE);
  }

  /** Whether an update ends the sound that plays (NotificationManagerService.buzzBeepBlinkLocked): it has none, or is insistent and may not alert again. */
  private static boolean endsTheSound(Phone p, Notification n) {
    int both = Notification.FLAG_INSISTENT | Notification.FLAG_ONLY_ALERT_ONCE;
    return p.app.getSystemService(NotificationManager.class).getNotificationChannel(n.getChannelId()).getSound() == null || (n.flags & both) == both;
  }

  @Test
  @Flaw(value = 17, name = "repeated-end", fact = "the server was told of the end more than once")
  public void theEndIsToldOnce() {
    Phone p = answered();
    p.tap("CallActivity", "end");
    assertEquals(Connection.STATE_DISCONNECTED, p.connections.get(0).getState());
    if (p.traced("backendEnd") == 0) {
      throw new IllegalStateException("the server was not told at all");
    }
    check(p.traced("backendEnd") == 1);
  }

  @Test
  @Flaw(value = 18, name = "leaves-on-destroy", fact = "the call drops with its screen")
  public void theCallOutlivesItsScreen() {
    Phone p = answered();
    p.destroy("CallActivity");
    check(p.connections.get(0).getState() == Connection.STATE_ACTIVE);
  }

  @Test
  @Flaw(value = 19, name = "silent-notification", fact = "the ring is silent, or gone when notifications are not allowed")
  public void theRingIsHeardAndSeen() {
    Phone p = start();
    p.deny("POST_NOTIFICATIONS");
    p.push(Payloads.of("cometchat/initiated", "s1"));
    NotificationChannel c = p.app.getSystemService(NotificationManager.class).getNotificationChannel("incoming_calls");
    if (c == null) {
      throw new IllegalStateException("there is no channel");
    }
    check(c.getSound() != null);
    check(p.notifications("incoming_calls").size() == 1);
  }

  /**
   * The guide's troubleshooting sends users to "Calling accounts", where no self-managed account is listed, and nothing has to be enabled. The constant is a text in
   * the code that does so; the app's screens cannot tell, since the guide calls it from none.
   */
  @Test
  @Flaw(value = 20, name = "", fact = "the code sends users to the page of calling accounts, which does not list self-managed ones")
  public void nobodyIsSentToCallingAccounts() throws Exception {
    Path code = Paths.get(System.getProperty("ringproof.classes"));
    start();
    int classes = 0;
    boolean sent = false;
    try (Stream<Path> files = Files.walk(code)) {
      for (Path f : files.filter(f -> f.toString().endsWith(".class")).collect(Collectors.toList())) {
        classes++;
        sent |= new String(Files.readAllBytes(f), StandardCharsets.ISO_8859_1).contains("android.telecom.action.CHANGE_PHONE_ACCOUNTS");
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    if (classes < 10) {
      throw new IllegalStateException(code + " has only " + classes + " classes: this is not the app");
    }
    check(!sent);
  }

  @Test
  @Flaw(value = 21, name = "not-logged-in", fact = "a process that a push started cannot answer")
  public void aPushedProcessCanAnswer() {
    Phone p = ringing();
    press(p, "Answer", "Accept");
    check(p.connections.get(0).getState() == Connection.STATE_ACTIVE);
  }

  /** What Android starts before the first unlock is decided by the manifest alone: every link from push to ringing screen has to say it. */
  @Test
  @Flaw(value = 22, name = "", fact = "before the first unlock Android starts no component of the app")
  public void itRingsBeforeTheFirstUnlock() throws Exception {
    Phone p = start();
    PackageManager pm = p.app.getPackageManager();
    String pkg = p.app.getPackageName();
    int all = PackageManager.MATCH_DIRECT_BOOT_AWARE | PackageManager.MATCH_DIRECT_BOOT_UNAWARE;
    for (String c : new String[] {"com.google.firebase.iid.FirebaseInstanceIdReceiver", pkg + ".CallActionReceiver"}) {
      check(pm.getReceiverInfo(new ComponentName(pkg, c), all).directBootAware);
    }
    for (String c : new String[] {".CallConnectionService", ".CallService"}) {
      check(pm.getServiceInfo(new ComponentName(pkg, pkg + c), all).directBootAware);
    }
    for (String c : new String[] {".IncomingCallActivity", ".CallActivity"}) {
      check(pm.getActivityInfo(new ComponentName(pkg, pkg + c), all).directBootAware);
    }
    // And nothing on the way may need the storage that is still locked: the process starts, and a call is answered.
    Shadows.shadowOf(p.app.getSystemService(android.os.UserManager.class)).setUserUnlocked(false);
    p.app.onCreate();
    p.push(Payloads.of("cometchat/initiated", "s1"));
    press(p, "Answer");
    assertEquals(Connection.STATE_ACTIVE, p.connections.get(0).getState());
  }
}
