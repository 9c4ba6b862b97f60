package org.ringproof.jvm;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.app.Notification;
import android.app.PendingIntent;
import android.content.ComponentName;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.pm.PackageManager;
import android.content.pm.ServiceInfo;
import android.net.Uri;
import android.os.Build;
import android.telecom.Connection;
import android.telecom.DisconnectCause;
import android.view.View;
import android.widget.EditText;
import android.widget.TextView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.junit.Test;
import org.robolectric.Shadows;
import org.robolectric.annotation.Config;

/** What the reference app does beside the vectors, on each API level that the run has. What is expected is Android's, or the project's list of rows. */
@Config(sdk = {28, 31, 34})
public class RowsTest extends AppTest {
  private Phone p;

  private void ring() {
    p = Phone.start();
    p.push(Payloads.of("cometchat/initiated", "s1"));
  }

  private void answer() {
    ring();
    p.press("Answer");
    assertEquals(Connection.STATE_ACTIVE, connection(1).getState());
  }

  private Connection connection(int number) {
    assertTrue("Telecom has only " + p.connections.size() + " calls", p.connections.size() >= number);
    return p.connections.get(number - 1);
  }

  private String text(String screen, String id) {
    return ((TextView) p.view(screen, id)).getText().toString();
  }

  // ---- push entry

  @Test
  public void theTestPushGetsAReceipt() {
    ring();
    assertEquals(-1, p.resultCode);
    assertEquals("{\"pid\":" + android.os.Process.myPid() + "}", p.resultData);
  }

  @Test
  public void aBadTestPushIsRefused() {
    p = Phone.start();
    p.broadcast(new Intent("org.ringproof.devicetest.PUSH").setPackage(Variant.PACKAGE).putExtra("payload_b64", "bm8ganNvbg=="));
    p.settle();
    assertEquals(500, p.resultCode);
    assertTrue(p.resultData, p.resultData.contains("\"error\""));
    assertEquals(0, p.connections.size());
  }

  /** A signal has a receipt, too, which tells a bad one and an app that is not connected. */
  @Test
  public void aSignalGetsAReceipt() {
    p = Phone.start();
    p.signal(Payloads.of("cometchat/initiated", "s1"));
    p.settle();
    assertEquals(-1, p.resultCode);
    assertEquals("{\"pid\":" + android.os.Process.myPid() + "}", p.resultData);
    assertEquals(1, p.connections.size());
    assertEquals(1, p.traced("onSignal"));
    assertEquals(0, p.traced("onMessageReceived"));
    p.broadcast(new Intent("org.ringproof.devicetest.SIGNAL").setPackage(Variant.PACKAGE).putExtra("message_b64", "bm8ganNvbg=="));
    p.settle();
    assertEquals(500, p.resultCode);
    p.disconnect();
    p.signal(Payloads.of("cometchat/initiated", "s2"));
    p.settle();
    assertEquals(503, p.resultCode);
    assertTrue(p.resultData, p.resultData.contains("not connected"));
    assertEquals(1, p.connections.size());
  }

  /** The extras as Google's services send them. Keys that are not text are no data, the transport's own are neither. */
  private Intent firebase(String id, String session) {
    Intent i = new Intent("com.google.android.c2dm.intent.RECEIVE").setPackage(Variant.PACKAGE).addFlags(Intent.FLAG_RECEIVER_FOREGROUND);
    for (Map.Entry<String, String> e : Payloads.of("cometchat/initiated", session).entrySet()) {
      i.putExtra(e.getKey(), e.getValue());
    }
    return i.putExtra("google.message_id", id).putExtra("google.ttl", 30).putExtra("google.sent_time", System.currentTimeMillis()).putExtra("from", "123456789012");
  }

  @Test
  public void firebasesEntryRings() {
    p = Phone.start();
    p.broadcast(firebase("0:1%a", "s1"));
    p.settle();
    assertEquals(-1, p.resultCode);
    assertNull("no data in the library's receipt", p.resultData);
    assertEquals(Connection.STATE_RINGING, connection(1).getState());
    p.press("Decline");
    p.broadcast(firebase("0:1%a", "s2")); // the library drops it by its id alone
    p.settle();
    assertEquals(1, p.connections.size());
    p.broadcast(firebase("0:2%b", "s2"));
    p.settle();
    assertEquals(2, p.connections.size());
  }

  @Test
  public void theTransportsTimeCountsToo() {
    p = Phone.start();
    Intent i = firebase("0:1%a", "s1").putExtra("google.sent_time", System.currentTimeMillis() - 31_000); // ttl 30 s
    p.broadcast(i);
    p.settle();
    assertEquals(0, p.connections.size());
    assertEquals(1, p.notifications("missed_calls").size());
  }

  @Test
  public void firebasesOtherMessagesDoNotRing() {
    p = Phone.start();
    p.broadcast(firebase("0:1%a", "s1").putExtra("message_type", "deleted_messages"));
    p.settle();
    assertEquals(0, p.connections.size());
    p.broadcast(new Intent("com.google.android.c2dm.intent.RECEIVE").setPackage(Variant.PACKAGE));
    p.settle();
    assertEquals("without extras the library says 500", 500, p.resultCode);
  }

  @Test
  public void aNewTokenIsToldToTheServer() {
    p = Phone.start();
    p.broadcast(new Intent("org.ringproof.devicetest.PUSH").setPackage(Variant.PACKAGE).putExtra("token", "t1"));
    p.settle();
    assertEquals(1, p.traced("onNewToken"));
    assertEquals(1, p.traced("tokenRegistered"));
  }

  @Test
  public void onlyWhoMayCanPush() throws Exception {
    p = Phone.start();
    PackageManager pm = p.app.getPackageManager();
    ActivityInfo test = pm.getReceiverInfo(new ComponentName(p.app, Variant.PACKAGE + ".devicetest.PushReceiver"), 0);
    assertEquals("android.permission.DUMP", test.permission);
    ActivityInfo signal = pm.getReceiverInfo(new ComponentName(p.app, Variant.PACKAGE + ".devicetest.SignalReceiver"), 0);
    assertEquals("android.permission.DUMP", signal.permission);
    ActivityInfo real = pm.getReceiverInfo(new ComponentName(p.app, "com.google.firebase.iid.FirebaseInstanceIdReceiver"), 0);
    assertEquals("com.google.android.c2dm.permission.SEND", real.permission);
    assertTrue(test.exported && signal.exported && real.exported);
    assertFalse(pm.getReceiverInfo(new ComponentName(p.app, Variant.PACKAGE + ".CallActionReceiver"), 0).exported);
    ServiceInfo telecom = pm.getServiceInfo(new ComponentName(p.app, Variant.PACKAGE + ".CallConnectionService"), 0);
    assertEquals("android.permission.BIND_TELECOM_CONNECTION_SERVICE", telecom.permission);
  }

  /** An unknown callType is no video, a call without a name has the id; nothing of it crashes. */
  @Test
  public void defaults() {
    p = Phone.start();
    Map<String, String> data = Payloads.of("cometchat/initiated-nameless", "s1");
    data.remove("callType");
    p.push(data);
    assertEquals("cometchat-uid-1", connection(1).getCallerDisplayName());
  }

  @Test
  public void hostileNamesSurviveTelecom() throws Exception {
    JSONArray texts = new JSONArray(new String(java.nio.file.Files.readAllBytes(Payloads.fixtures("texts/hostile.json").toPath()), "UTF-8"));
    assertTrue(texts.length() > 5);
    p = Phone.start();
    for (int i = 0; i < texts.length(); i++) {
      StringBuilder name = new StringBuilder();
      for (int k = 0; k < Math.max(1, texts.getJSONObject(i).optInt("repeat")); k++) {
        name.append(texts.getJSONObject(i).getString("text"));
      }
      Map<String, String> data = Payloads.of("cometchat/initiated", "s" + (i + 1));
      data.put("senderName", name.toString());
      p.push(data);
      String want = name.toString().isEmpty() ? "cometchat-uid-1" : name.toString();
      assertEquals(texts.getJSONObject(i).getString("name"), want, connection(i + 1).getCallerDisplayName());
      p.press("Decline");
    }
  }

  // ---- notification

  /** CallStyle since 12, the same two buttons by hand before. */
  @Test
  public void theRingHasTheReleasesBestForm() {
    ring();
    Notification n = p.notifications("incoming_calls").get(0);
    assertEquals(Build.VERSION.SDK_INT >= 31, Words.isCall(n));
    assertEquals(2, n.actions.length);
    assertEquals("Decline", n.actions[0].title.toString());
    assertEquals("Answer", n.actions[1].title.toString());
    assertTrue(Shadows.shadowOf(n.actions[1].actionIntent).isActivityIntent());
    assertNotNull(n.fullScreenIntent);
    for (PendingIntent i : new PendingIntent[] {n.actions[0].actionIntent, n.actions[1].actionIntent, n.fullScreenIntent}) {
      assertTrue("immutable (12)", (Shadows.shadowOf(i).getFlags() & PendingIntent.FLAG_IMMUTABLE) != 0);
    }
    assertEquals("the phone ends the ring if the process cannot", true, n.getTimeoutAfter() > 45_000);
  }

  @Test
  public void twoCallsHaveTheirOwnButtons() {
    ring();
    PendingIntent first = p.button("Decline");
    p.push(Payloads.of("cometchat/cancelled", "s1"));
    p.push(Payloads.of("cometchat/initiated", "s2"));
    p.send(first); // from a shade that is slow
    p.settle();
    assertEquals(Connection.STATE_RINGING, connection(2).getState());
  }

  /** The process died while it rang: what it left on the screen is dead. The next one takes it away and tells of the call. */
  @Test
  public void theNextProcessSettlesTheLastOnes() {
    ring();
    PendingIntent decline = p.button("Decline");
    p.app.onCreate();
    assertEquals(0, p.notifications("incoming_calls").size());
    assertEquals(1, p.notifications("missed_calls").size());
    p.send(decline); // nothing to decline, and no crash
    p.settle();
  }

  // ---- screens

  @Test
  public void theQuestionSurvivesRecreation() {
    p = Phone.start();
    p.screenOn = false;
    p.locked = true;
    p.push(Payloads.of("cometchat/initiated", "s1"));
    assertEquals("Andrew Joseph", text("IncomingCallActivity", "caller"));
    p.recreate("IncomingCallActivity");
    assertEquals("Andrew Joseph", text("IncomingCallActivity", "caller"));
    p.tap("IncomingCallActivity", "answer");
    assertEquals(Connection.STATE_ACTIVE, connection(1).getState());
    assertNull(p.activity("IncomingCallActivity"));
  }

  @Test
  public void theCallSurvivesRecreationAndBack() {
    answer();
    p.recreate("CallActivity");
    assertEquals("Andrew Joseph", text("CallActivity", "caller"));
    p.activity("CallActivity").onBackPressed();
    p.settle();
    assertEquals("back closes the screen, not the call", Connection.STATE_ACTIVE, connection(1).getState());
    Notification n = p.notifications("ongoing_calls").get(0);
    p.send(n.contentIntent);
    p.settle();
    assertNotNull("its notification leads back", p.activity("CallActivity"));
    p.tap("CallActivity", "end");
    assertEquals(DisconnectCause.LOCAL, connection(1).getDisconnectCause().getCode());
  }

  @Test
  public void backDoesNotDecline() {
    p = Phone.start();
    p.locked = true;
    p.push(Payloads.of("cometchat/initiated", "s1"));
    p.activity("IncomingCallActivity").onBackPressed();
    p.settle();
    assertEquals(Connection.STATE_RINGING, connection(1).getState());
  }

  @Test
  public void holdAndMuteFromTheScreen() {
    answer();
    p.tap("CallActivity", "hold");
    assertEquals(Connection.STATE_HOLDING, connection(1).getState());
    p.tap("CallActivity", "hold");
    assertEquals(Connection.STATE_ACTIVE, connection(1).getState());
    assertEquals("Mute", text("CallActivity", "mute"));
    p.tap("CallActivity", "mute");
    assertEquals("Unmute", text("CallActivity", "mute"));
  }

  @Test
  public void everyButtonSpeaks() {
    p = Phone.start();
    p.locked = true;
    p.push(Payloads.of("cometchat/initiated", "s1"));
    List<String> said = new ArrayList<>();
    for (String id : new String[] {"answer", "decline"}) {
      said.add(String.valueOf(p.view("IncomingCallActivity", id).getContentDescription()));
    }
    p.tap("IncomingCallActivity", "answer");
    for (String id : new String[] {"end", "mute", "hold", "speaker"}) {
      said.add(String.valueOf(p.view("CallActivity", id).getContentDescription()));
    }
    assertEquals(Arrays.asList("Answer call", "Decline call", "End call", "Mute the microphone", "Put the call on hold", "Use the loudspeaker"), said);
  }

  // ---- permissions

  @Test
  public void whatIsDeniedIsSaid() {
    p = Phone.start();
    p.launch(".MainActivity");
    assertEquals("Everything that calls need is allowed.", text("MainActivity", "permissions"));
    p.deny("RECORD_AUDIO");
    p.deny("POST_NOTIFICATIONS");
    NotificationShadow.fullScreenAllowed = false;
    p.recreate("MainActivity");
    String said = text("MainActivity", "permissions");
    assertTrue(said, said.contains("microphone"));
    assertTrue(said, said.contains("notifications"));
    assertEquals(said, Build.VERSION.SDK_INT >= 34, said.contains("full-screen"));
    assertEquals(View.VISIBLE, p.view("MainActivity", "allow").getVisibility());
    Calls.take();
    p.tap("MainActivity", "allow");
    assertTrue(Calls.all().toString(), Calls.take().toString().contains("REQUEST_PERMISSIONS")); // first the system's question ...
    p.tap("MainActivity", "allow");
    assertTrue(Calls.all().toString(), Calls.take().toString().contains("SETTINGS")); // ... and the settings once it was denied for good
  }

  @Test
  public void withoutMicrophoneTheCallIsThereAndSaysSo() {
    p = Phone.start();
    p.deny("RECORD_AUDIO");
    p.push(Payloads.of("cometchat/initiated", "s1"));
    p.press("Answer");
    assertEquals(Connection.STATE_ACTIVE, connection(1).getState());
    assertEquals(View.VISIBLE, p.view("CallActivity", "microphone_banner").getVisibility());
    p.grant("RECORD_AUDIO");
    p.recreate("CallActivity");
    assertEquals(View.GONE, p.view("CallActivity", "microphone_banner").getVisibility());
  }

  @Test
  public void withoutAServiceTheCallGoesOn() {
    ring();
    p.foregroundServiceRefusal = new IllegalStateException("startForegroundService() not allowed due to mAllowStartForeground false"); // what 12 throws is one
    p.telecom("onAnswer", 1);
    assertEquals(Connection.STATE_ACTIVE, connection(1).getState());
    p.tap("CallActivity", "end");
    assertEquals(Connection.STATE_DISCONNECTED, connection(1).getState());
  }

  // ---- back end

  @Test
  public void theServerIsToldOnce() {
    answer();
    p.tap("CallActivity", "end");
    assertEquals(1, p.traced("backendAccept"));
    assertEquals(1, p.traced("backendJoin"));
    assertEquals(1, p.traced("backendEnd"));
    assertEquals(0, p.traced("backendReject"));
  }

  @Test
  public void aRefusedSecondCallerGetsBusy() {
    ring();
    p.push(Payloads.of("cometchat/initiated", "s2"));
    assertEquals(1, p.traced("backendBusy"));
  }

  // ---- outgoing

  private void dial() {
    p = Phone.start();
    p.launch(".MainActivity");
    ((EditText) p.view("MainActivity", "callee")).setText("bob");
    Calls.take();
    p.answersAfter(Duration.ofSeconds(10));
    p.tap("MainActivity", "call");
  }

  @Test
  public void anOutgoingCallGoesThroughTelecom() {
    dial();
    List<String> calls = Calls.take();
    assertTrue(calls.toString(), calls.get(0).startsWith("placeCall address=sip:bob"));
    assertTrue(calls.toString(), String.join("\n", calls).contains("onCreateOutgoingConnection c1 state=DIALING"));
    assertEquals(Connection.STATE_DIALING, connection(1).getState());
    assertNotNull(p.activity("CallActivity"));
    assertNotNull("the service carries it from the beginning", p.service("CallService"));
    p.pass(Duration.ofSeconds(15));
    assertEquals(Connection.STATE_ACTIVE, connection(1).getState());
    p.tap("CallActivity", "end");
    assertEquals(DisconnectCause.LOCAL, connection(1).getDisconnectCause().getCode());
    assertNull(p.service("CallService"));
  }

  @Test
  public void anOutgoingCallCanBeGivenUp() {
    dial();
    p.tap("CallActivity", "end");
    assertEquals(Connection.STATE_DISCONNECTED, connection(1).getState());
    assertNull(p.service("CallService"));
    assertEquals(0, p.notifications("ongoing_calls").size());
  }

  @Test
  public void anOutgoingCallThatTelecomRefusesEnds() {
    p = Phone.start();
    p.launch(".MainActivity");
    ((EditText) p.view("MainActivity", "callee")).setText("bob");
    p.unregistered = true;
    p.tap("MainActivity", "call");
    assertEquals(0, p.connections.size());
    assertNull(p.service("CallService"));
    assertNull(p.activity("CallActivity"));
  }

  @Test
  public void anOutgoingCallThatIsNotPermittedSaysSo() {
    p = Phone.start();
    p.launch(".MainActivity");
    ((EditText) p.view("MainActivity", "callee")).setText("bob");
    p.outgoingPermitted = false;
    p.tap("MainActivity", "call");
    assertEquals("The call could not be started.", text("MainActivity", "message"));
    assertTrue(Calls.starting("placeCall").isEmpty());
  }

  // ---- start of the process

  @Test
  public void theAccountIsThereAfterABootToo() {
    p = Phone.start();
    assertEquals(1, Calls.starting("registerPhoneAccount").size());
    assertTrue(Calls.all().get(0).startsWith("registerPhoneAccount")); // before anything else
    p.broadcast(new Intent(Intent.ACTION_BOOT_COMPLETED).setPackage(Variant.PACKAGE));
    p.settle();
    assertEquals(1, p.traced("boot"));
  }

  @Test
  public void unknownSwitchesAreTraced() {
    p = Phone.start("ringproof-defects", "no-such-defect\n");
    assertEquals(1, p.traced("defect.unknown"));
  }

  /** Uri of an id that is no number, with what sip: has to quote. */
  @Test
  public void idsAreQuotedInTheAddress() {
    p = Phone.start();
    Map<String, String> data = Payloads.of("cometchat/initiated", "s1");
    data.put("sender", "a b@x#1");
    p.push(data);
    assertEquals(Uri.fromParts("sip", "a b@x#1", null), connection(1).getAddress());
  }
}
