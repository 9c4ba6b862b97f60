package org.ringproof.sample;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.os.PowerManager;
import android.os.SystemClock;

/**
 * Ends a ring that nobody ends: the caller's phone may have died, and its cancellation with it.
 *
 * <p>A Handler counts the time that the phone is awake, so a wake lock of just that length keeps
 * the processor (not the screen) on; an alarm would be late in Doze.
 */
final class RingTimer {

    /** Telecom itself finds more than 60 s of ringing odd. */
    static final long TIMEOUT_MILLIS = 45000;

    private final Handler handler = new Handler(Looper.getMainLooper());
    private final PowerManager.WakeLock awake;
    private final Runnable expired;
    private long deadline;

    private final Runnable check = new Runnable() {
        @Override
        public void run() {
            long left = deadline - SystemClock.elapsedRealtime();
            if (left > 0) {
                handler.postDelayed(this, left);
                return;
            }
            cancel();
            expired.run();
        }
    };

    RingTimer(Context context, Runnable expired) {
        this.expired = expired;
        PowerManager power = context.getSystemService(PowerManager.class);
        awake = power.newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "ringproof:ring");
        awake.setReferenceCounted(false);
    }

    void start() {
        deadline = SystemClock.elapsedRealtime() + TIMEOUT_MILLIS;
        awake.acquire(TIMEOUT_MILLIS + 1000);
        handler.postDelayed(check, TIMEOUT_MILLIS);
    }

    void cancel() {
        handler.removeCallbacks(check);
        if (awake.isHeld()) {
            awake.release();
        }
    }
}
