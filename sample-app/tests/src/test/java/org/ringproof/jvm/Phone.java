package org.ringproof.jvm;

import android.app.Activity;
import android.app.Application;
import android.app.Notification;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.app.Service;
import android.content.BroadcastReceiver;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.os.Parcel;
import android.os.Parcelable;
import android.service.notification.StatusBarNotification;
import android.telecom.Connection;
import android.telecom.ConnectionRequest;
import android.telecom.ConnectionService;
import android.telecom.PhoneAccountHandle;
import android.telecom.TelecomManager;
import android.telecom.VideoProfile;
import android.util.Base64;
import android.view.View;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.shadows.ShadowSystemClock;
import org.robolectric.util.ReflectionHelpers;

/**
 * The phone around the app: what Telecom, the activity manager, the system UI and the user's fingers do, on Robolectric's real framework classes. It holds only
 * the rules that the app can feel (push.md D.1): one ringing call an account, onShowIncomingCallUi after the connection, extras that have been through another
 * process, full-screen intents only over the keyguard or a dark screen.
 */
public final class Phone {
  private static Phone current;

  /** Telecom has lost the app's account. */
  public boolean unregistered;
  /** Telecom has room for an outgoing call. */
  public boolean outgoingPermitted = true;
  /** What startForegroundService throws; null for nothing. */
  public RuntimeException foregroundServiceRefusal;
  /** Android does not let the app start activities from the background. */
  public boolean activitiesBlocked;
  public boolean screenOn = true;
  public boolean locked;

  /** The system itself sends an intent, which is no call of the app. */
  boolean sending;

  public final Application app;
  public final List<Connection> connections = new ArrayList<>();
  private final List<Connection> live = new ArrayList<>();
  private final Map<String, ActivityController<?>> activities = new LinkedHashMap<>();
  private final List<Activity> everyActivity = new ArrayList<>();
  private final Map<ComponentName, Service> services = new LinkedHashMap<>();
  private final Map<ComponentName, ConnectionService> connectionServices = new LinkedHashMap<>();
  private int startId;

  public int resultCode;
  public String resultData;

  private Phone() {
    current = this;
    try {
      app = RuntimeEnvironment.getApplication();
    } catch (RuntimeException e) {
      throw new Crash(e); // Application.onCreate
    }
  }

  /** Starts the app's process as a push does: nothing was launched. Each file is a name and its text, put into the app's files before. */
  public static Phone start(String... files) {
    reset();
    ShadowSystemClock.advanceBy(Duration.ofHours(1));
    try {
      Path dir = RuntimeEnvironment.getTempDirectory().createIfNotExists(Variant.PACKAGE + "-dataDir").resolve("files");
      Files.createDirectories(dir);
      for (int i = 0; i < files.length; i += 2) {
        Files.write(dir.resolve(files[i]), files[i + 1].getBytes(StandardCharsets.UTF_8));
      }
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
    Phone p = new Phone();
    p.grant("RECORD_AUDIO", "CAMERA", "POST_NOTIFICATIONS", "BLUETOOTH_CONNECT");
    p.settle();
    return p;
  }

  static void reset() {
    current = null;
    Calls.reset();
    NotificationShadow.restore();
  }

  static Phone current() {
    return current;
  }

  public void grant(String... permissions) {
    for (String one : permissions) {
      Shadows.shadowOf(app).grantPermissions("android.permission." + one);
    }
  }

  public void deny(String permission) {
    Shadows.shadowOf(app).denyPermissions("android.permission." + permission);
    if (permission.equals("POST_NOTIFICATIONS")) {
      NotificationShadow.allowed = false;
    }
  }

  // ---- time

  /** Lets pass what follows from the last deed. */
  public void settle() {
    pass(Duration.ofSeconds(3));
  }

  /** An exception on the main thread is a crash of the process. */
  public void pass(Duration d) {
    try {
      Shadows.shadowOf(Looper.getMainLooper()).idleFor(d);
    } catch (RuntimeException e) {
      throw new Crash(e);
    }
  }

  /** The app's process died of an exception. */
  public static final class Crash extends AssertionError {
    Crash(Throwable cause) {
      super("the process crashed: " + root(cause), cause);
    }

    private static Throwable root(Throwable t) {
      while (t.getCause() != null && t.getCause() != t && t.getClass() == RuntimeException.class) {
        t = t.getCause();
      }
      return t;
    }
  }

  private static void later(int millis, Runnable r) {
    new Handler(Looper.getMainLooper()).postDelayed(r, millis);
  }

  // ---- push

  /** Delivers a push through the test receiver and lets everything happen that follows. */
  public void push(Map<String, String> data) {
    deliver(data);
    settle();
  }

  /** Delivers a push and does not wait. */
  public void deliver(Map<String, String> data) {
    door(new Intent("org.ringproof.devicetest.PUSH").addFlags(Intent.FLAG_RECEIVER_FOREGROUND), "payload_b64", data);
  }

  /** Has the app's own connection tell something and does not wait. */
  public void signal(Map<String, String> data) {
    door(new Intent("org.ringproof.devicetest.SIGNAL"), "message_b64", data);
  }

  private void door(Intent i, String extra, Map<String, String> data) {
    i.setPackage(app.getPackageName());
    i.putExtra(extra, Base64.encodeToString(new JSONObject(data).toString().getBytes(StandardCharsets.UTF_8), Base64.NO_WRAP));
    broadcast(i);
    // Robolectric keeps one receiver, where Android makes one for each broadcast: it takes this one before the next.
    Shadows.shadowOf(Looper.getMainLooper()).idle();
  }

  /** Has the app call somebody, through its test door. */
  public void place(String callee, String session) {
    broadcast(new Intent("org.ringproof.devicetest.CALL").setPackage(app.getPackageName()).putExtra("callee", callee).putExtra("session", session));
    settle();
  }

  /** An ordered broadcast, whose result stays in resultCode and resultData. */
  public void broadcast(Intent i) {
    resultCode = 0;
    resultData = null;
    app.sendOrderedBroadcast(i, null, new BroadcastReceiver() {
      @Override
      public void onReceive(Context c, Intent done) {
        Phone.this.resultCode = getResultCode();
        Phone.this.resultData = getResultData();
      }
    }, null, 0, null, null);
  }

  // ---- Telecom

  void announced(PhoneAccountHandle h, Bundle extras) {
    Bundle sent = throughTheSystem(extras);
    later(10, () -> create(h, sent));
  }

  private ConnectionService connectionService(PhoneAccountHandle h) {
    return connectionServices.computeIfAbsent(h.getComponentName(), c -> (ConnectionService) Robolectric.buildService(classOf(c).asSubclass(Service.class)).create().get());
  }

  private void create(PhoneAccountHandle h, Bundle extras) {
    Uri address = null;
    try {
      address = extras.getParcelable(TelecomManager.EXTRA_INCOMING_CALL_ADDRESS);
    } catch (android.os.BadParcelableException e) {
      // The extras come from this app: Telecom itself reads past what it cannot.
    }
    ConnectionRequest request = new ConnectionRequest(h, address, extras, VideoProfile.STATE_AUDIO_ONLY);
    for (Connection c : live) {
      if (c.getState() == Connection.STATE_RINGING) {
        connectionService(h).onCreateIncomingConnectionFailed(h, request);
        return;
      }
    }
    Connection c = connectionService(h).onCreateIncomingConnection(h, request);
    if (c == null) {
      Calls.add("onCreateIncomingConnection null");
      return;
    }
    Calls.add("onCreateIncomingConnection " + Words.returned(c));
    connections.add(c);
    if (c.getState() == Connection.STATE_DISCONNECTED) {
      return;
    }
    live.add(c);
    later(5, c::onShowIncomingCallUi);
  }

  void placed(Uri address, Bundle extras) {
    Bundle sent = throughTheSystem(extras == null ? new Bundle() : extras);
    PhoneAccountHandle h = sent.getParcelable(TelecomManager.EXTRA_PHONE_ACCOUNT_HANDLE);
    Bundle nested = sent.getBundle(TelecomManager.EXTRA_OUTGOING_CALL_EXTRAS);
    later(40, () -> { // Telecom binds the service first: longer than it takes to start one
      ConnectionRequest request = new ConnectionRequest(h, address, nested == null ? sent : nested, VideoProfile.STATE_AUDIO_ONLY);
      if (unregistered) {
        connectionService(h).onCreateOutgoingConnectionFailed(h, request);
        return;
      }
      Connection c = connectionService(h).onCreateOutgoingConnection(h, request);
      Calls.add("onCreateOutgoingConnection " + (c == null ? "null" : Words.returned(c)));
      if (c != null && c.getState() != Connection.STATE_DISCONNECTED) {
        connections.add(c);
        live.add(c);
      }
    });
  }

  static void destroyed(Connection c) {
    if (current != null) {
      current.live.remove(c);
    }
  }

  static boolean hasCall() {
    return current != null && !current.live.isEmpty();
  }

  /** Telecom's callback on the connection of that number (from 1), as ConnectionService makes it. */
  public void telecom(String callback, int number) {
    Connection c = connections.get(number - 1);
    later(0, () -> {
      switch (callback) {
        case "onAnswer":
          for (Connection o : new ArrayList<>(live)) {
            if (o != c && o.getState() == Connection.STATE_ACTIVE && (o.getConnectionCapabilities() & Connection.CAPABILITY_HOLD) != 0) {
              o.onHold();
            }
          }
          c.onAnswer();
          break;
        case "onAnswerVideo": c.onAnswer(VideoProfile.STATE_BIDIRECTIONAL); break;
        case "onReject": c.onReject(); break;
        case "onDisconnect": c.onDisconnect(); break;
        case "onHold": c.onHold(); break;
        case "onUnhold": c.onUnhold(); break;
        case "onSilence": c.onSilence(); break;
        case "onAbort": c.onAbort(); break;
        default: throw new IllegalArgumentException("no callback " + callback);
      }
    });
    settle();
  }

  /** A bundle as it arrives from system_server: there are no classes of the app there, nor here until a class loader is set. */
  private static Bundle throughTheSystem(Bundle extras) {
    if (Build.VERSION.SDK_INT < 33 && Words.sessions(extras).contains("parcelable")) {
      return new Bundle(); // "Failed to parse Bundle, but defusing quietly"
    }
    Parcel p = Parcel.obtain();
    p.writeBundle(extras);
    byte[] bytes = p.marshall();
    p.recycle();
    Parcel q = Parcel.obtain();
    q.unmarshall(bytes, 0, bytes.length);
    q.setDataPosition(0);
    Bundle out = q.readBundle(new FrameworkOnly());
    out.setClassLoader(new FrameworkOnly());
    return out;
  }

  /** The boot class path: it does not have the app's classes. */
  private static final class FrameworkOnly extends ClassLoader {
    FrameworkOnly() {
      super(null);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("android.") || name.startsWith("com.android.") || name.startsWith("java.")) {
        return Bundle.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }

  // ---- activities

  void start(Intent i) {
    if (activitiesBlocked && !sending) {
      return; // no exception: only the log tells
    }
    if (i.getComponent() == null) {
      return; // a page of the settings: another app's
    }
    later(20, () -> launch(i));
  }

  private void launch(Intent i) {
    String name = i.getComponent().getClassName();
    ActivityController<?> c = activities.get(name);
    if (c != null && !c.get().isFinishing() && !c.get().isDestroyed()) {
      c.newIntent(i);
      return;
    }
    c = Robolectric.buildActivity(classOf(i.getComponent()).asSubclass(Activity.class), i);
    activities.put(name, c);
    everyActivity.add(c.get());
    c.create();
    if (c.get().isFinishing()) {
      c.destroy();
      return;
    }
    c.start().postCreate(null).resume().visible();
  }

  void finished(Activity a) {
    later(30, () -> {
      for (ActivityController<?> c : new ArrayList<>(activities.values())) {
        if (c.get() == a && !a.isDestroyed()) {
          if (a.isFinishing() && c.get().getWindow().getDecorView().isAttachedToWindow()) {
            c.pause().stop();
          }
          c.destroy();
        }
      }
    });
  }

  /** Starts an activity as the launcher does. */
  public void launch(String name) {
    Intent i = new Intent(Intent.ACTION_MAIN).addCategory(Intent.CATEGORY_LAUNCHER).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
    start(i.setComponent(new ComponentName(app, Variant.PACKAGE + name)));
    settle();
  }

  /** The live activity of a class such as "CallActivity"; null without one. */
  public Activity activity(String simpleName) {
    for (ActivityController<?> c : activities.values()) {
      if (c.get().getClass().getSimpleName().equals(simpleName) && !c.get().isFinishing() && !c.get().isDestroyed()) {
        return c.get();
      }
    }
    return null;
  }

  /** What a change of configuration does: rotation, dark mode, font scale. */
  public void recreate(String simpleName) {
    activities.get(activity(simpleName).getClass().getName()).recreate();
    settle();
  }

  /** The user swipes the activity's task away, or the system takes it: no finish(). */
  public void destroy(String simpleName) {
    activities.get(activity(simpleName).getClass().getName()).pause().stop().destroy();
    settle();
  }

  public View view(String screen, String id) {
    Activity a = activity(screen);
    if (a == null) {
      throw new AssertionError("there is no " + screen + " to touch");
    }
    View v = a.findViewById(a.getResources().getIdentifier(id, "id", a.getPackageName()));
    if (v == null) {
      throw new AssertionError(screen + " has no view " + id);
    }
    return v;
  }

  /** A finger on a view of the screen in front, by its id. */
  public void tap(String id) {
    for (int i = everyActivity.size() - 1; i >= 0; i--) {
      Activity a = everyActivity.get(i);
      if (!a.isFinishing() && !a.isDestroyed()) {
        tap(a.getClass().getSimpleName(), id);
        return;
      }
    }
    throw new AssertionError("there is no screen with " + id);
  }

  /** A finger on a view, by its id. */
  public void tap(String screen, String id) {
    View v = view(screen, id);
    later(0, v::performClick);
    settle();
  }

  // ---- services

  void startService(Intent i) {
    later(15, () -> {
      Service s = services.computeIfAbsent(i.getComponent(), c -> Robolectric.buildService(classOf(c).asSubclass(Service.class)).create().get());
      s.onStartCommand(i, 0, ++startId);
    });
  }

  boolean stopService(ComponentName c) {
    Service s = services.remove(c);
    if (s != null) {
      later(15, s::onDestroy);
    }
    return s != null;
  }

  /** The running service of a class such as "CallService"; null without one. */
  public Service service(String simpleName) {
    for (Service s : services.values()) {
      if (s.getClass().getSimpleName().equals(simpleName)) {
        return s;
      }
    }
    return null;
  }

  // ---- notifications

  static void posted(Notification n, boolean isNew) {
    Phone p = current;
    if (p != null && isNew && n.fullScreenIntent != null && (!p.screenOn || p.locked)
        && (Build.VERSION.SDK_INT < 34 || NotificationShadow.fullScreenAllowed)) {
      later(25, () -> p.send(n.fullScreenIntent));
    }
  }

  /** The live notifications of a channel. */
  public List<Notification> notifications(String channel) {
    List<Notification> out = new ArrayList<>();
    for (StatusBarNotification n : app.getSystemService(NotificationManager.class).getActiveNotifications()) {
      if (channel.equals(n.getNotification().getChannelId())) {
        out.add(n.getNotification());
      }
    }
    return out;
  }

  /** The button of a live notification, by its title on the phone. */
  public PendingIntent button(String title) {
    for (StatusBarNotification n : app.getSystemService(NotificationManager.class).getActiveNotifications()) {
      if (n.getNotification().actions == null) {
        continue;
      }
      for (Notification.Action a : n.getNotification().actions) {
        if (title.contentEquals(a.title)) {
          return a.actionIntent;
        }
      }
    }
    throw new AssertionError("no notification has a button " + title);
  }

  public void press(String title) {
    PendingIntent p = button(title);
    later(0, () -> send(p));
    settle();
  }

  public void send(PendingIntent p) {
    sending = true;
    try {
      p.send();
    } catch (PendingIntent.CanceledException e) {
      throw new AssertionError(e);
    } finally {
      sending = false;
    }
  }

  /** How long the callee of an outgoing call takes to answer. */
  public void answersAfter(Duration d) {
    Object backend = ReflectionHelpers.callInstanceMethod(app, "backend");
    ReflectionHelpers.callInstanceMethod(backend, "setDelay", ReflectionHelpers.ClassParameter.from(String.class, "answer"),
        ReflectionHelpers.ClassParameter.from(long.class, d.toMillis()));
  }

  /** A step of the app's loopback back end fails from now on. The back end is a test double itself; this is its switch. */
  public void backendFails(String step) {
    Object backend = ReflectionHelpers.callInstanceMethod(app, "backend");
    ReflectionHelpers.callInstanceMethod(backend, "setFailure", ReflectionHelpers.ClassParameter.from(String.class, step),
        ReflectionHelpers.ClassParameter.from(String.class, "refused"));
  }

  /** The app's own connection to its server is gone: nobody is logged in. */
  public void disconnect() {
    ReflectionHelpers.callInstanceMethod(ReflectionHelpers.callInstanceMethod(app, "backend"), "logout");
  }

  // ---- the trace, a test door of the app

  /** The events of the app's own trace, for what the framework cannot tell: the back end. */
  public List<String> trace() {
    List<String> out = new ArrayList<>();
    File f = new File(app.getFilesDir(), "ringproof-trace.jsonl");
    try {
      if (f.exists()) {
        for (String line : Files.readAllLines(f.toPath())) {
          out.add(new JSONObject(line).getString("event"));
        }
      }
    } catch (java.io.IOException | org.json.JSONException e) {
      throw new AssertionError("trace: " + e, e);
    }
    return out;
  }

  public int traced(String event) {
    int n = 0;
    for (String e : trace()) {
      if (e.equals(event)) {
        n++;
      }
    }
    return n;
  }

  static Class<?> classOf(ComponentName c) {
    try {
      return Class.forName(c.getClassName());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
