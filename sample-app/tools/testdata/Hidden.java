/** What the check of the public API must find (a to f and z), and must not (the rest). */
class Hidden extends android.app.Activity {
    String a() {
        // Asking for the level makes nothing public.
        return android.os.Build.VERSION.SDK_INT < 26 ? null : android.os.SystemProperties.get("ro.serialno");
    }

    int b() {
        return this.getUserId(); // javac writes it as a member of this class
    }

    Object c() {
        return new javax.swing.JFrame(); // in Java 8, which --release 8 is content with, and not in Android
    }

    boolean d(android.app.NotificationManager m) {
        return m.canUseFullScreenIntent();
    }

    Object e(Object o) {
        return (android.telecom.CallEndpoint) o;
    }

    Object f() {
        return android.os.ServiceManager.class;
    }

    boolean g(android.app.NotificationManager m) {
        return android.os.Build.VERSION.SDK_INT >= 34 && m.canUseFullScreenIntent();
    }

    Object h(String[] words) {
        setTitle(words[0]);
        return words.clone();
    }

    private final int[] numbers = new int[1];

    Runnable i() {
        return new Runnable() {
            @Override
            public void run() {
                numbers[0]++;
                h(new String[] {"a"}).hashCode();
            }
        };
    }

    Object y(android.os.IBinder b) {
        return android.os.Build.VERSION.SDK_INT < 34 ? null : new HiddenApi34().y(b);
    }

    Object z(android.os.IBinder b) {
        return new HiddenApi34().y(b);
    }
}

class HiddenApi34 {
    Object y(Object o) {
        return (android.telecom.CallEndpoint) o;
    }
}
